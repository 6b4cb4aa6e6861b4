// SPDX-License-Identifier: Apache-2.0

/// A line of a file, fit to be printed, and where the caret under it goes.
package struct SourceExcerpt: Sendable, Hashable {
    /// The line without control characters and with all secrets masked; tabs are kept.
    package var text: String
    /// What is printed before the caret: blanks, and tabs where the line has them.
    package var indentation: String

    /// The longest line that is shown whole, in Unicode scalars.
    static let longestLine = 160

    /// Shows `line` with a caret under `column` (from 1, in Unicode scalars).
    ///
    /// Each of the `masked` columns is part of a secret; a run of them becomes `••••`, and a caret within one goes to its
    /// start. A very long line is cut to a part around the caret.
    init(line: Substring, column: Int, masked: [Range<Int>] = []) {
        let scalars = Array(line.unicodeScalars)
        let caret = max(0, min(column - 1, scalars.count))
        let half = Self.longestLine / 2
        let first = scalars.count > Self.longestLine ? max(0, min(caret - half, scalars.count - 2 * half)) : 0
        let end = min(scalars.count, first + Self.longestLine)
        text = first > 0 ? "…" : ""
        indentation = first > 0 ? " " : ""
        var wasMasked = false
        for index in first..<end {
            let isMasked = masked.contains { $0.contains(index + 1) }
            let shown: String
            if isMasked {
                shown = wasMasked ? "" : redactedText
            } else {
                shown = String(Character(DiagnosticText.printable(scalars[index])))
            }
            wasMasked = isMasked
            text += shown
            let caretIsWithin = isMasked && masked.contains { $0.contains(index + 1) && $0.contains(caret + 1) }
            if index < caret, !caretIsWithin {
                for scalar in shown.unicodeScalars { indentation += DiagnosticText.blank(asWideAs: scalar) }
            }
        }
        if end < scalars.count { text += "…" }
    }
}
