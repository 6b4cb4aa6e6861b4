// SPDX-License-Identifier: Apache-2.0

import JSONText

extension MappingReader {
    /// `key` as a JSON object; nil when there is no such key, or it cannot be one, which is then reported.
    func toolArguments(_ key: String) -> ToolArguments? {
        guard let entry = entry(key) else { return nil }
        let path = path(of: key)
        if entry.value.isNull { return ToolArguments() }
        guard case .mapping = entry.value.content else {
            let found = entry.value.kindInWords
            context.error("expected a mapping of arguments, found \(found)", at: entry.value.position, path: path)
            return nil
        }
        var writer = JSONWriter()
        guard write(entry.value, path: path, to: &writer) else { return nil }
        return ToolArguments(json: writer.bytes)
    }

    /// Writes `node` as JSON: types stay what they look like in YAML, numbers keep all their digits.
    private func write(_ node: YAMLNode, path: String, to writer: inout JSONWriter) -> Bool {
        var isComplete = true
        switch node.content {
        case .scalar(let scalar):
            return write(scalar, at: node.position, path: path, to: &writer)
        case .sequence(let items):
            writer.beginArray()
            for (index, item) in items.enumerated() {
                isComplete = write(item, path: "\(path)[\(index)]", to: &writer) && isComplete
            }
            writer.endArray()
        case .mapping:
            guard let mapping = MappingReader(node, path: path, position: node.position, in: context) else {
                return false
            }
            writer.beginObject()
            for entry in mapping.entries where !RepeatedKeys.isPlaceholder(entry.key) {
                writer.key(escaping: entry.key)
                isComplete = write(entry.value, path: mapping.path(of: entry.key), to: &writer) && isComplete
            }
            writer.endObject()
        }
        return isComplete
    }

    private func write(
        _ scalar: YAMLScalar,
        at position: SourcePosition,
        path: String,
        to writer: inout JSONWriter
    ) -> Bool {
        switch scalar.kind {
        case .null:
            writer.null()
        case .boolean:
            writer.bool(scalar.text.lowercased() == "true")
        case .number:
            guard Self.isJSONNumber(scalar.text) else {
                context.error(
                    "a number that JSON does not have",
                    at: position,
                    path: path,
                    help: "write it in decimal without a leading '+', '.' or '0', or in quotes as a text"
                )
                return false
            }
            writer.raw(Array(scalar.text.utf8))
        case .text:
            guard let text = context.expand(scalar.text, at: position, path: path, isSecret: true) else { return false }
            writer.string(text)
        }
        return true
    }

    /// RFC 8259 section 6.
    private static func isJSONNumber(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        if rest.first == 0x2D { rest = rest.dropFirst() }
        let whole = rest.prefix(while: YAMLScalar.isDigit)
        guard !whole.isEmpty, whole.count == 1 || whole.first != 0x30 else { return false }
        rest = rest.dropFirst(whole.count)
        if rest.first == 0x2E {
            let fraction = rest.dropFirst().prefix(while: YAMLScalar.isDigit)
            guard !fraction.isEmpty else { return false }
            rest = rest.dropFirst(fraction.count + 1)
        }
        return YAMLScalar.isExponentOrNothing(rest)
    }
}
