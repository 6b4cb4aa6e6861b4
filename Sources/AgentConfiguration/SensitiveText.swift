// SPDX-License-Identifier: Apache-2.0

/// Finds the places of a configuration file that hold secrets, or may, so that no diagnostic quotes them.
enum SensitiveText {
    /// The places of the secrets in a document: from where each starts to where the next node does.
    static func ranges(in root: YAMLNode, of source: SourceText) -> [Range<SourcePosition>] {
        var collector = Collector()
        collector.visit(root, isSecret: false)
        let marks = collector.marks.sorted()
        let end = SourcePosition(line: source.lineCount + 1, column: 1)
        return Set(collector.secrets).map { start in
            // The parser does not tell where a scalar ends, but the next node is certainly not part of it.
            let next = firstMark(after: start, in: marks) ?? end
            return start..<trimmed(from: start, to: next, in: source)
        }
    }

    /// Whether the values under `key` are secrets, also where the key is misspelled or in the wrong place.
    static func isSensitive(_ entry: YAMLEntry) -> Bool {
        let word = entry.key.lowercased()
        if ["arguments", "tool_arguments", "headers"].contains(word) { return true }
        if Suggestion.closest(to: word, among: ["headers"]) != nil { return true }
        // A backend may well have such a name, and is a mapping.
        if case .mapping = entry.value.content { return false }
        return [
            "auth", "token", "secret", "passw", "api-key", "api_key", "apikey", "cookie", "credential", "bearer",
            "session_id", "session-id",
        ].contains { word.contains($0) }
    }

    /// Whether a text of its own accord looks like a credential, or like an address that holds one.
    static func looksSensitive(_ text: String) -> Bool {
        let word = text.lowercased()
        if word.hasPrefix("bearer ") || word.hasPrefix("basic ") { return true }
        return word.contains("://") && (word.contains("@") || word.contains("?"))
    }

    /// Whether a text only says where a secret comes from, besides a scheme such as `Bearer `.
    private static func isHarmless(_ text: String) -> Bool {
        guard let parts = try? TemplatePart.parse(text, in: "") else { return false }
        var isFirst = true
        for part in parts {
            switch part {
            case .literal(let literal):
                guard isFirst, ["Bearer ", "Basic ", "Token "].contains(literal), parts.count > 1 else { return false }
            case .variable(_, let fallback):
                guard fallback == nil else { return false }
            case .file: break
            }
            isFirst = false
        }
        return true
    }

    private struct Collector {
        var marks: [SourcePosition] = []
        var secrets: [SourcePosition] = []

        mutating func visit(_ node: YAMLNode, isSecret: Bool) {
            marks.append(node.position)
            switch node.content {
            case .scalar(let scalar):
                guard isSecret || SensitiveText.looksSensitive(scalar.text) else { return }
                if !scalar.text.isEmpty, !SensitiveText.isHarmless(scalar.text) { secrets.append(node.position) }
            case .sequence(let items):
                for item in items { visit(item, isSecret: isSecret) }
            case .mapping(let entries):
                for entry in entries {
                    marks.append(entry.position)
                    // Where name and value of a header were mixed up, the key is the secret.
                    if isSecret, !HeaderRules.isToken(entry.key) { secrets.append(entry.position) }
                    visit(entry.value, isSecret: isSecret || SensitiveText.isSensitive(entry))
                }
            }
        }
    }

    private static func firstMark(after position: SourcePosition, in sorted: [SourcePosition]) -> SourcePosition? {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] <= position { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count ? sorted[low] : nil
    }

    /// `end` without the blanks and the punctuation of a flow mapping before it in its line.
    private static func trimmed(
        from start: SourcePosition,
        to end: SourcePosition,
        in source: SourceText
    ) -> SourcePosition {
        let scalars = Array(source.line(end.line).unicodeScalars.prefix(end.column - 1))
        let least = start.line == end.line ? start.column : 0
        var count = scalars.count
        while count > least, " \t,]}".unicodeScalars.contains(scalars[count - 1]) { count -= 1 }
        return SourcePosition(line: end.line, column: count + 1)
    }
}
