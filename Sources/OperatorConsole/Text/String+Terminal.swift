// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Without anything that would command the terminal or break the line: such characters become `·`.
    ///
    /// Names and reasons come from configuration files and from other people's servers.
    package var printable: String {
        guard unicodeScalars.contains(where: Self.commands) else { return self }
        var text = ""
        for scalar in unicodeScalars { text.unicodeScalars.append(Self.commands(scalar) ? "·" : scalar) }
        return text
    }

    /// How many cells of a terminal the text takes.
    package var cells: Int {
        utf8.allSatisfy { $0 < 0x80 } ? utf8.count : reduce(0) { $0 + $1.cells }
    }

    /// The text in at most `width` cells, its end replaced by `…` where it is longer.
    package func cut(to width: Int) -> String {
        if cells <= width { return self }
        guard width > 0 else { return "" }
        var text = ""
        var room = width - 1
        for character in self {
            room -= character.cells
            if room < 0 { break }
            text.append(character)
        }
        return text + "…"
    }

    /// The text with blanks after it, `width` cells in all.
    package func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - cells))
    }

    /// The text with blanks before it, `width` cells in all.
    package func padded(from width: Int) -> String {
        String(repeating: " ", count: max(0, width - cells)) + self
    }

    private static func commands(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        // What turns the direction of text would shuffle the columns.
        case .format: scalar.properties.isBidiControl
        default: false
        }
    }
}

extension Character {
    /// How many cells of a terminal the character takes: 2 for those of East Asia and for emoji.
    var cells: Int {
        guard let first = unicodeScalars.first else { return 0 }
        if unicodeScalars.contains(where: { $0.properties.isEmojiPresentation || $0.value == 0xFE0F }) { return 2 }
        switch first.value {
        // The blocks that Unicode Standard Annex 11 has as wide, without the gaps in them.
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
