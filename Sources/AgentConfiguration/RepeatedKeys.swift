// SPDX-License-Identifier: Apache-2.0

/// Goes on after a duplicate key, so that it is not the only problem that a run reports.
///
/// The YAML library gives up at the first mapping with a duplicate key and tells only the first occurrence. The later one
/// is looked for in the text and renamed to a placeholder of the same width; decoding skips placeholders.
enum RepeatedKeys {
    /// How many duplicates are worked around before the run ends.
    static let most = 32

    /// How many bytes are parsed again at most: every duplicate costs another run of the parser.
    private static let mostBytes = 4 << 20

    /// Whether a text of `size` bytes is parsed once more after `number` times.
    static func canRepeat(_ number: Int, size: Int) -> Bool {
        number < most && number * size < mostBytes
    }

    /// The first of the characters that mark placeholders, in Unicode's private use area.
    private static let firstMark: UInt32 = 0xF0DA

    /// Whether `key` stands for a duplicate that was already reported.
    static func isPlaceholder(_ key: String) -> Bool {
        key.unicodeScalars.first.map { (firstMark..<firstMark + UInt32(most)).contains($0.value) } ?? false
    }

    /// Finds the next occurrence of `key` in the block mapping whose key is at `first`; nil in a flow mapping.
    static func repetition(of key: String, after first: SourcePosition, in source: SourceText) -> SourcePosition? {
        guard !key.isEmpty, startsEntry(source.line(first.line), key: key, column: first.column) else { return nil }
        var number = first.line + 1
        while number <= source.lineCount {
            let line = source.line(number)
            let indentation = line.unicodeScalars.prefix { $0 == " " }.count
            let isBlank = line.unicodeScalars.allSatisfy { $0 == " " || $0 == "\t" }
            let isComment = line.unicodeScalars.dropFirst(indentation).first == "#"
            if !isBlank, !isComment {
                if indentation < first.column - 1 { return nil }
                if indentation == first.column - 1, startsEntry(line, key: key, column: first.column) {
                    return SourcePosition(line: number, column: first.column)
                }
            }
            number += 1
        }
        return nil
    }

    /// The text with the key at `position` renamed; `number` tells the placeholders from each other.
    static func renaming(at position: SourcePosition, number: Int, in source: SourceText) -> String? {
        guard let mark = Unicode.Scalar(firstMark + UInt32(number)) else { return nil }
        let line = source.line(position.line)
        let scalars = line.unicodeScalars
        var start = scalars.index(scalars.startIndex, offsetBy: position.column - 1)
        if scalars[start] == "\"" || scalars[start] == "'" { start = scalars.index(after: start) }
        var text = source.text.unicodeScalars
        text.replaceSubrange(start...start, with: [mark])
        return String(text)
    }

    private static func startsEntry(_ line: Substring, key: String, column: Int) -> Bool {
        let rest = Substring(line.unicodeScalars.dropFirst(column - 1))
        return [key, "\"\(key)\"", "'\(key)'"].contains { written in
            guard rest.unicodeScalars.starts(with: written.unicodeScalars) else { return false }
            let after = rest.unicodeScalars.dropFirst(written.unicodeScalars.count).drop { $0 == " " }
            return after.first == ":"
        }
    }
}
