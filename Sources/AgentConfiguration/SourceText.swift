// SPDX-License-Identifier: Apache-2.0

/// The text of a file with its lines, and the parts of it that must not be shown.
struct SourceText {
    /// The path as it was given.
    let file: String
    let text: String
    private let lines: [Substring]
    /// Where secrets are written, each from its start to before its end.
    var secrets: [Range<SourcePosition>] = []

    /// Splits `text` into lines where YAML 1.1 does, and so its parser: CR LF, CR, LF, NEL, LS, PS.
    init(file: String, text: String) {
        self.file = file
        self.text = text
        var lines: [Substring] = []
        let scalars = text.unicodeScalars
        var start = scalars.startIndex
        var index = start
        while index < scalars.endIndex {
            let scalar = scalars[index]
            var next = scalars.index(after: index)
            guard ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar) else {
                index = next
                continue
            }
            lines.append(Substring(scalars[start..<index]))
            if scalar == "\r", next < scalars.endIndex, scalars[next] == "\n" { next = scalars.index(after: next) }
            start = next
            index = next
        }
        lines.append(Substring(scalars[start...]))
        self.lines = lines
    }

    /// The number of lines; an empty text has one.
    var lineCount: Int { lines.count }

    /// The line with this number, from 1; empty when there is none.
    func line(_ number: Int) -> Substring {
        lines.indices.contains(number - 1) ? lines[number - 1] : ""
    }

    /// The line of `position` with its secrets masked.
    func excerpt(at position: SourcePosition) -> SourceExcerpt {
        let line = line(position.line)
        let masked = secrets.compactMap { secret -> Range<Int>? in
            guard secret.lowerBound.line <= position.line, secret.upperBound.line >= position.line else { return nil }
            let start = secret.lowerBound.line < position.line ? 1 : secret.lowerBound.column
            let end = secret.upperBound.line > position.line ? Int.max : secret.upperBound.column
            return start < end ? start..<end : nil
        }
        return SourceExcerpt(line: line, column: position.column, masked: masked)
    }
}
