// SPDX-License-Identifier: Apache-2.0

import JSONText

/// The YAML values of the table of keys as JSON.
enum YAMLJSON {
    /// The JSON text of a value that is written in YAML; only for values of the table, which are well-formed.
    static func json(_ text: String) -> [UInt8] {
        guard let node = try? YAMLParser.parse(text) else { preconditionFailure("not YAML: \(text)") }
        var writer = JSONWriter()
        write(node, to: &writer)
        return writer.bytes
    }

    private static func write(_ node: YAMLNode, to writer: inout JSONWriter) {
        switch node.content {
        case .scalar(let scalar):
            switch scalar.kind {
            case .null: writer.null()
            case .boolean, .number: writer.raw(Array(scalar.text.utf8))
            case .text: writer.string(scalar.text)
            }
        case .sequence(let items):
            writer.beginArray()
            for item in items { write(item, to: &writer) }
            writer.endArray()
        case .mapping(let entries):
            writer.beginObject()
            for entry in entries {
                writer.key(escaping: entry.key)
                write(entry.value, to: &writer)
            }
            writer.endObject()
        }
    }
}
