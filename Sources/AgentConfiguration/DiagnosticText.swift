// SPDX-License-Identifier: Apache-2.0

/// Words and characters that are safe to print.
enum DiagnosticText {
    /// The longest text that is quoted whole, in Unicode scalars.
    static let longestQuote = 64

    /// `text` in quotes, without control characters, and shortened when it is long.
    static func quoted(_ text: some StringProtocol) -> String {
        var shown = "'"
        for scalar in text.unicodeScalars.prefix(longestQuote) {
            shown.unicodeScalars.append(scalar == "\t" ? " " : printable(scalar))
        }
        if text.unicodeScalars.dropFirst(longestQuote).isEmpty == false { shown += "…" }
        return shown + "'"
    }

    /// The scalar itself, or U+FFFD for one that could steer a terminal or reorder the text.
    static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.properties.generalCategory {
        case .control: scalar == "\t" ? scalar : "\u{FFFD}"
        case .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: "\u{FFFD}"
        default: scalar
        }
    }

    /// Blanks that take as much room in a terminal as `scalar`; a tab stays one.
    static func blank(asWideAs scalar: Unicode.Scalar) -> String {
        if scalar == "\t" { return "\t" }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return ""
        default: break
        }
        // The blocks that Unicode Standard Annex #11 calls wide, roughly.
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return "  "
        default:
            return " "
        }
    }

    /// A list in words: `a`, `a or b`, `a, b or c`.
    static func alternatives(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}
