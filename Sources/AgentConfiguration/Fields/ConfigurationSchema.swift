// SPDX-License-Identifier: Apache-2.0

import JSONText

/// The table of keys as a JSON Schema (draft-07), for editors and for whoever checks files without the agent.
///
/// It knows types, limits and names of keys; what keys mean together only `check` knows. A value may hold a substitution
/// wherever the decoder makes one.
package enum ConfigurationSchema {
    /// The schema as indented JSON text without a final newline.
    package static var text: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("$schema", "http://json-schema.org/draft-07/schema#")
        writer.member("title", "mcp-keepalive configuration")
        members(of: ConfigurationField.file, to: &writer)
        writer.endObject()
        return JSONLayout.indented(writer.bytes)
    }

    /// The members that describe a mapping with these keys.
    private static func members(
        of fields: [ConfigurationField],
        canBeOff: Bool = false,
        to writer: inout JSONWriter
    ) {
        // A mapping of which nothing is written is empty.
        writer.key("type")
        writer.words(["object", "null"] + (canBeOff ? ["string"] : []))
        if canBeOff { writer.member("pattern", "^off$|\\$\\{") }
        writer.key("additionalProperties")
        writer.bool(false)
        let required = fields.filter(\.isRequired).map(\.name)
        if !required.isEmpty {
            writer.key("required")
            writer.words(required)
        }
        writer.key("properties")
        writer.beginObject()
        for field in fields {
            writer.key(escaping: field.name)
            writer.beginObject()
            writer.member("description", field.sentence)
            value(of: field, to: &writer)
            if let text = field.defaultValue {
                writer.key("default")
                writer.raw(YAMLJSON.json(text))
            }
            writer.key("examples")
            writer.beginArray()
            writer.raw(YAMLJSON.json(field.example))
            writer.endArray()
            if field.isSecret {
                writer.key("writeOnly")
                writer.bool(true)
            }
            writer.endObject()
        }
        writer.endObject()
    }

    /// The members that describe the value of a key.
    private static func value(of field: ConfigurationField, to writer: inout JSONWriter) {
        switch field.kind {
        case .version: writer.choice(["1", "\"1\""])
        case .url: writer.text(matching: "^[Hh][Tt][Tt][Pp][Ss]?://")
        case .path, .pathOr, .text: writer.text(matching: ".")
        case .address(let canBeOff):
            let address = "^(\\[[0-9A-Fa-f:.]+\\]|[^\\[\\]:]+):[0-9]{1,5}$"
            writer.text(matching: canBeOff ? "\(address)|^off$" : address)
        case .duration: writer.text(matching: duration)
        case .size: writer.text(matching: "^[0-9]+[KMG]iB$")
        case .percentage: writer.text(matching: "^([0-9]*\\.)?[0-9]+\\.?%$")
        case .integer(let range):
            writer.number("integer", atLeast: range.lowerBound, atMost: range.upperBound)
        case .number(let most): writer.number("number", above: 0, atMost: most)
        case .boolean: writer.choice(["true", "false"])
        case .choice(let words):
            // Unquoted, these words are no texts.
            writer.choice(words.map { "\"\($0)\"" } + words.filter { $0 == "true" || $0 == "false" })
        case .method: writer.text(matching: "^(ping|none|tool:.+)$")
        case .accounts: writer.list(of: ["string", "integer"])
        case .hosts: writer.list(of: ["string"])
        case .headers, .texts: writer.anyNames(of: ["string", "number", "boolean"])
        case .arguments:
            writer.key("type")
            writer.words(["object", "null"])
        case .mapping(let fields, let canBeOff): members(of: fields, canBeOff: canBeOff, to: &writer)
        case .named(let fields):
            writer.key("type")
            writer.words(["object", "null"])
            writer.key("additionalProperties")
            writer.beginObject()
            members(of: fields, to: &writer)
            writer.endObject()
        }
    }

    /// Numbers with units, from large to small, each unit once.
    private static let duration =
        "^(?=.)" + ["d", "h", "m", "s", "ms"].map { "([0-9]+(\\.[0-9]{1,9})?\($0))?" }.joined() + "$"
}

extension JSONWriter {
    fileprivate mutating func member(_ name: StaticString, _ text: String) {
        key(name)
        string(text)
    }

    fileprivate mutating func words(_ words: [String]) {
        beginArray()
        for word in words { string(word) }
        endArray()
    }

    /// A text of this form, or one with a substitution.
    fileprivate mutating func text(matching pattern: String) {
        member("type", "string")
        member("pattern", "\(pattern)|\\$\\{")
    }

    /// One of these JSON values, or a text with a substitution.
    fileprivate mutating func choice(_ values: [String]) {
        key("anyOf")
        beginArray()
        beginObject()
        key("enum")
        beginArray()
        for value in values { raw(Array(value.utf8)) }
        endArray()
        endObject()
        substitution()
        endArray()
    }

    /// A number within limits, or a text with a substitution.
    fileprivate mutating func number(_ type: String, atLeast: Int? = nil, above: Int? = nil, atMost: Int) {
        key("anyOf")
        beginArray()
        beginObject()
        member("type", type)
        if let atLeast {
            key("minimum")
            integer(atLeast)
        }
        if let above {
            key("exclusiveMinimum")
            integer(above)
        }
        key("maximum")
        integer(atMost)
        endObject()
        substitution()
        endArray()
    }

    fileprivate mutating func list(of types: [String]) {
        member("type", "array")
        key("items")
        beginObject()
        key("type")
        words(types)
        endObject()
    }

    fileprivate mutating func anyNames(of types: [String]) {
        key("type")
        words(["object", "null"])
        key("additionalProperties")
        beginObject()
        key("type")
        words(types)
        endObject()
    }

    private mutating func substitution() {
        beginObject()
        member("type", "string")
        member("pattern", "\\$\\{")
        endObject()
    }
}
