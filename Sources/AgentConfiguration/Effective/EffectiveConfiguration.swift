// SPDX-License-Identifier: Apache-2.0

/// Every value that is in force, with where it comes from; without its secrets, and fit to be shown.
package struct EffectiveConfiguration: Sendable, Hashable {
    /// One line of the YAML text.
    package struct Line: Sendable, Hashable {
        /// The keys that lead to it, its own at the end.
        package var path: [String]
        /// The value as YAML; nil for a key with keys below it.
        package var value: String?
        /// Where the value comes from; nil for a key with keys below it.
        package var origin: ValueOrigin?
        /// What else is to be known about the value.
        package var note: String?
    }

    /// A value that an environment variable decides where the file says nothing.
    package struct Variable: Sendable, Hashable {
        package var name: String
        /// As YAML, without secrets.
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// In the order of the text.
    package let lines: [Line]

    /// - Parameters:
    ///   - variables: by the paths of their keys, such as `telemetry.endpoint`.
    package init(
        _ configuration: Configuration,
        _ written: WrittenConfiguration,
        variables: [String: Variable],
        environment: [String: String]
    ) {
        // What the walk needs may hold secrets, and is not kept.
        var walk = EffectiveConfigurationWalk(
            file: configuration.file,
            written: written,
            variables: variables,
            environment: environment
        )
        walk.append(configuration)
        lines = walk.lines
    }

    /// The YAML text, the comments in one column where there is room.
    package var text: String {
        lines.map { line in
            let margin = String(repeating: "  ", count: line.path.count - 1)
            let key = YAMLText.scalar(line.path[line.path.count - 1])
            var text = "\(margin)\(key):" + (line.value.map { " \($0)" } ?? "")
            guard let origin = line.origin else { return text }
            text += String(repeating: " ", count: max(0, Self.commentColumn - text.count - 2))
            return "\(text)  # \(origin)" + (line.note.map { "\n\(margin)# \($0)" } ?? "")
        }.joined(separator: "\n")
    }

    private static let commentColumn = 40
}
