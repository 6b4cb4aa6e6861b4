// SPDX-License-Identifier: Apache-2.0

/// One key of the configuration file: what the schema, the sample and the reference of the documentation say of it.
package struct ConfigurationField: Sendable {
    /// The key.
    package var name: String
    package var kind: Kind
    /// What it is in one sentence that starts in lowercase and has no final period; Markdown.
    package var summary: String
    /// What else there is to say, put right behind the summary in the reference; Markdown.
    package var details: String
    /// The value that counts where none is written, as YAML; nil when there is none.
    package var defaultValue: String?
    /// What counts where nothing is written and that is no value of the key; Markdown.
    package var unset: String
    /// A value as YAML, in one line.
    package var example: String
    package var isRequired = false
    /// Whether the value is, or may be, a credential, so that it is never shown.
    package var isSecret = false
    /// Another line of the same mapping that the key needs to make sense, as YAML.
    package var companion: String?

    package init(
        _ name: String,
        _ kind: Kind,
        _ summary: String,
        details: String = "",
        default defaultValue: String? = nil,
        unset: String = "none",
        example: String,
        isRequired: Bool = false,
        isSecret: Bool = false,
        companion: String? = nil
    ) {
        self.name = name
        self.kind = kind
        self.summary = summary
        self.details = details
        self.defaultValue = defaultValue
        self.unset = unset
        self.example = example
        self.isRequired = isRequired
        self.isSecret = isSecret
        self.companion = companion
    }

    /// What a value may be.
    package indirect enum Kind: Sendable {
        /// The number 1.
        case version
        /// An `http` or `https` URL.
        case url
        /// The path of a file, or one of a folder.
        case path
        /// A path, or this word.
        case pathOr(String)
        /// `host:port`, or also `off`.
        case address(canBeOff: Bool)
        case duration(from: Duration, to: Duration?)
        /// A size in bytes.
        case size(ClosedRange<Int>)
        case percentage
        case integer(ClosedRange<Int>)
        /// A number greater than 0.
        case number(atMost: Int)
        case boolean
        case choice([String])
        /// A text that is not empty.
        case text
        /// `ping`, `none` or `tool:` and the name of a tool.
        case method
        /// A list of names and ids of users or groups.
        case accounts
        /// A list of names of hosts.
        case hosts
        /// Names of headers with their values.
        case headers
        /// Names with texts.
        case texts
        /// Any mapping: the arguments of a tool.
        case arguments
        /// A mapping with these keys; where it can be off, also that word.
        case mapping([ConfigurationField], canBeOff: Bool)
        /// A mapping of names that the user chooses to mappings with these keys.
        case named([ConfigurationField])
    }

    /// The keys below this one.
    package var fields: [ConfigurationField] {
        switch kind {
        case .mapping(let fields, _), .named(let fields): fields
        default: []
        }
    }

    /// The name that stands for those that the user chooses, in paths.
    package static let anyName = "*"

    /// All keys with their paths, such as `backends.*.url`, each before those below it.
    package static func all() -> [(path: [String], field: ConfigurationField)] {
        var all: [(path: [String], field: ConfigurationField)] = []
        func visit(_ fields: [ConfigurationField], below path: [String]) {
            for field in fields {
                let own = path + [field.name]
                all.append((own, field))
                if case .named = field.kind {
                    visit(field.fields, below: own + [anyName])
                } else {
                    visit(field.fields, below: own)
                }
            }
        }
        visit(file, below: [])
        return all
    }
}
