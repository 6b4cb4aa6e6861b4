// SPDX-License-Identifier: Apache-2.0

private import Yams

/// Turns YAML text into nodes with positions; the one place that knows the YAML library.
struct YAMLParser {
    /// How deep a document may nest.
    static let deepest = 64
    /// How many nodes a document may have once its aliases are resolved: ends "billion laughs" documents.
    static let mostNodes = 500_000

    private var nodes = 0

    /// Parses a single document; nil when there is nothing but blanks and comments.
    static func parse(_ text: String) throws(YAMLProblem) -> YAMLNode? {
        try refuseKeyBombs(text)
        let root: Node?
        do {
            root = try Yams.compose(yaml: text, .default, .default, .utf8)
        } catch let error as YamlError {
            throw problem(of: error, in: text)
        } catch {
            throw YAMLProblem(message: "not valid YAML")
        }
        guard let root else { return nil }
        var parser = YAMLParser()
        return try parser.convert(root, depth: 1)
    }

    private mutating func convert(_ node: Node, depth: Int) throws(YAMLProblem) -> YAMLNode {
        let position = Self.position(of: node)
        nodes += 1
        guard nodes <= Self.mostNodes else {
            throw YAMLProblem(message: "aliases make the file larger than \(Self.mostNodes) values", position: position)
        }
        guard depth <= Self.deepest else {
            throw YAMLProblem(message: "nested deeper than \(Self.deepest) levels", position: position)
        }
        switch node {
        case .scalar(let scalar):
            return YAMLNode(content: .scalar(try convert(scalar, at: position)), position: position)
        case .sequence(let sequence):
            try refuseTag(sequence.tag.rawValue, besides: "tag:yaml.org,2002:seq", at: position)
            var items: [YAMLNode] = []
            for item in sequence { items.append(try convert(item, depth: depth + 1)) }
            return YAMLNode(content: .sequence(items), position: position)
        case .mapping(let mapping):
            try refuseTag(mapping.tag.rawValue, besides: "tag:yaml.org,2002:map", at: position)
            var entries: [YAMLEntry] = []
            for (key, value) in mapping {
                guard case .scalar(let name) = key else {
                    throw YAMLProblem(message: "a key must be a text", position: Self.position(of: key))
                }
                let converted = try convert(value, depth: depth + 1)
                entries.append(YAMLEntry(key: name.string, position: Self.position(of: key), value: converted))
            }
            return YAMLNode(content: .mapping(entries), position: position)
        case .alias:
            // `compose` puts the aliased node in its place.
            throw YAMLProblem(message: "an alias that cannot be resolved", position: position)
        }
    }

    /// Tags that plain scalars have or get by their looks; others would mean types that the file cannot have.
    private static let plainTags: Set<String> = Set(
        ["str", "int", "float", "bool", "null", "timestamp", "merge", "value"].map { "tag:yaml.org,2002:" + $0 }
    )

    private func convert(_ scalar: Node.Scalar, at position: SourcePosition) throws(YAMLProblem) -> YAMLScalar {
        let tag = scalar.tag.rawValue
        if !Self.plainTags.contains(tag) { try refuseTag(tag, besides: "", at: position) }
        let isText = tag == "!" || tag == "tag:yaml.org,2002:str"
        return YAMLScalar(text: scalar.string, isPlain: scalar.style == .plain && !isText)
    }

    private func refuseTag(_ tag: String, besides usual: String, at position: SourcePosition) throws(YAMLProblem) {
        guard !tag.isEmpty, tag != "!", tag != usual else { return }
        throw YAMLProblem(
            message: "tags such as \(DiagnosticText.quoted(tag)) are not supported",
            position: position
        )
    }

    private static func position(of node: Node) -> SourcePosition {
        node.mark.map { SourcePosition(line: $0.line, column: $0.column) } ?? .start
    }

    private static func problem(of error: YamlError, in text: String) -> YAMLProblem {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            var message = "not valid YAML: \(problem)"
            var position = SourcePosition(line: mark.line, column: mark.column)
            if problem == "but found another document" {
                message = "a second document"
            } else if let context {
                message += " \(context.text)"
                let start = SourcePosition(line: context.mark.line, column: context.mark.column)
                if isAtEnd(position, of: text) {
                    // The end of the file says nothing: show what was not ended.
                    position = isAtEnd(start, of: text) ? end(of: text) : start
                } else if start.line != position.line {
                    message += " that starts in line \(start.line)"
                }
            }
            return YAMLProblem(message: message, position: position, help: help(for: problem))
        case .duplicatedKeysInMapping(let duplicates, let context):
            return YAMLProblem(
                message: "duplicate key \(DiagnosticText.quoted(duplicates.first ?? ""))",
                position: SourcePosition(line: max(1, context.mark.line), column: max(1, context.mark.column)),
                duplicateKey: duplicates.first
            )
        case .reader(let problem, _, _, _):
            return YAMLProblem(message: "not valid YAML: \(problem)")
        default:
            return YAMLProblem(message: "not valid YAML")
        }
    }

    /// Whether nothing but blanks follows `position`.
    private static func isAtEnd(_ position: SourcePosition, of text: String) -> Bool {
        let lines = SourceText(file: "", text: text)
        let rest = lines.line(position.line).unicodeScalars.dropFirst(position.column - 1)
        guard position.line <= lines.lineCount, rest.allSatisfy({ $0.properties.isWhitespace }) else {
            return position.line > lines.lineCount
        }
        return (position.line...lines.lineCount).dropFirst().allSatisfy {
            lines.line($0).unicodeScalars.allSatisfy { $0.properties.isWhitespace }
        }
    }

    /// Behind the last character of `text` that is not blank, so that there is something to show.
    private static func end(of text: String) -> SourcePosition {
        let lines = SourceText(file: "", text: text)
        let number = (1...lines.lineCount).last { !lines.line($0).allSatisfy(\.isWhitespace) } ?? 1
        return SourcePosition(line: number, column: lines.line(number).unicodeScalars.count + 1)
    }

    private static func help(for problem: String) -> String? {
        switch problem {
        case "mapping values are not allowed in this context":
            "a text with ': ' in it or ':' at its end must be in quotes; otherwise check the indentation"
        case "found character that cannot start any token":
            "indent with blanks, not tabs; a text that starts with @, ` or % must be in quotes"
        case "but found another document":
            "only one document is allowed: remove the line '---'"
        case "did not find expected key", "did not find expected '-' indicator":
            "check the indentation of this line and of the one before it"
        default:
            nil
        }
    }

    /// Refuses documents that could make the library's own search for duplicate keys run forever: it hashes keys, and a
    /// key that is built of aliases of aliases is exponentially large. Only many aliases together with something that
    /// looks like a mapping, a list or an alias as a key are refused; neither occurs in a sensible configuration.
    private static func refuseKeyBombs(_ text: String) throws(YAMLProblem) {
        let bytes = Array(text.utf8)
        var aliases = 0
        // The byte at the end of the first one.
        var complexKey: Int?
        var previous: UInt8 = 0x0A
        for (index, byte) in bytes.enumerated() {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0x0A
            let startsToken = isBlank(previous) || [0x2C, 0x5B, 0x7B, 0x3A].contains(previous)
            switch byte {
            case 0x2A where startsToken && !isBlank(next): aliases += 1
            case 0x3F where startsToken && isBlank(next): complexKey = complexKey ?? index
            case 0x3A where isBlank(next) || isBlank(previous):
                if keyBefore(index, in: bytes) { complexKey = complexKey ?? index }
            case 0x3A where previous == 0x5D || previous == 0x7D:
                if !endsAddress(index - 1, in: bytes) { complexKey = complexKey ?? index }
            default: break
            }
            previous = byte
        }
        guard let complexKey, aliases > 16 else { return }
        let before = SourceText(file: "", text: String(decoding: bytes[..<complexKey], as: UTF8.self))
        let column = before.line(before.lineCount).unicodeScalars.count + 1
        throw YAMLProblem(
            message: "many aliases together with keys that are not texts",
            position: SourcePosition(line: before.lineCount, column: column),
            help: "write keys as texts"
        )
    }

    /// Whether the colon at `colon` ends a list, a mapping or an alias.
    private static func keyBefore(_ colon: Int, in bytes: [UInt8]) -> Bool {
        var index = colon - 1
        while index >= 0, isBlank(bytes[index]) { index -= 1 }
        guard index >= 0 else { return false }
        if bytes[index] == 0x5D || bytes[index] == 0x7D { return !endsAddress(index, in: bytes) }
        guard index < colon - 1 else { return false }  // An alias as a key needs a blank before its colon.
        while index >= 0, !isBlank(bytes[index]), bytes[index] != 0x2A { index -= 1 }
        return index >= 0 && bytes[index] == 0x2A
    }

    /// Whether the bracket at `bracket` ends an IPv6 address, as in a URL, which has no aliases in it.
    private static func endsAddress(_ bracket: Int, in bytes: [UInt8]) -> Bool {
        var index = bracket - 1
        while index >= 0 {
            switch bytes[index] {
            case 0x30...0x39, 0x41...0x46, 0x61...0x66, 0x3A, 0x2E: index -= 1
            case 0x5B: return bytes[bracket] == 0x5D
            default: return false
            }
        }
        return false
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
