// SPDX-License-Identifier: Apache-2.0

import JSONText

/// Texts as YAML.
enum YAMLText {
    /// A text as a scalar that is read as this text again: plain where that is possible, else in double quotes.
    static func scalar(_ text: String) -> String {
        if isPlain(text) { return text }
        // YAML 1.2.2 section 1.3: JSON is YAML.
        var writer = JSONWriter()
        writer.string(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Whether a text means itself without quotes, anywhere in a document.
    private static func isPlain(_ text: String) -> Bool {
        guard YAMLScalar(text: text, isPlain: true).kind == .text else { return false }
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, !"-?:&%@=~".utf8.contains(first), last != 0x3A else {
            return false
        }
        let isHarmless = bytes.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "_./:%+-@=?&~$".utf8.contains(byte)
            }
        }
        return isHarmless || text == redactedText
    }
}
