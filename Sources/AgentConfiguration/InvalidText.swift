// SPDX-License-Identifier: Apache-2.0

/// Finds what keeps bytes from being the text of a file.
enum InvalidText {
    /// Says where bytes stop being UTF-8; never quotes them.
    static func notUTF8(_ bytes: [UInt8], file: String) -> Diagnostic {
        var line = 1
        var column = 1
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        decoding: while true {
            switch decoder.decode(&iterator) {
            case .scalarValue("\n"):
                line += 1
                column = 1
            case .scalarValue:
                column += 1
            case .emptyInput, .error:
                break decoding
            }
        }
        return Diagnostic(
            .error,
            "the file is not UTF-8",
            file: file,
            position: SourcePosition(line: line, column: column),
            help: "save it as UTF-8"
        )
    }

    /// Finds a character that YAML does not allow (YAML 1.2.2 section 5.1); nil when there is none.
    static func character(in source: SourceText) -> Diagnostic? {
        guard source.text.unicodeScalars.contains(where: { !isAllowed($0) }) else { return nil }
        for number in 1...source.lineCount {
            guard let index = Array(source.line(number).unicodeScalars).firstIndex(where: { !isAllowed($0) }) else {
                continue
            }
            return Diagnostic(
                .error,
                "a control character that a file must not contain",
                file: source.file,
                position: SourcePosition(line: number, column: index + 1),
                help: "in a text in double quotes it can be written as an escape sequence such as \\x07"
            )
        }
        return nil
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD: true
        case 0x10000...0x10FFFF: true
        default: false
        }
    }
}
