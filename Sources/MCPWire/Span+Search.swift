// SPDX-License-Identifier: Apache-2.0

import JSONText

extension Span<UInt8> {
    /// Whether the bytes of `text` occur anywhere.
    func contains(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard length <= count else { return false }
        for offset in 0...(count - length) where matches(text, at: offset) { return true }
        return false
    }

    /// Whether the bytes are those of `text`, which is in lower case, without regard to ASCII case.
    func equalsIgnoringCase(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && hasPrefixIgnoringCase(text)
    }

    /// Whether the bytes begin with those of `text`, which is in lower case, without regard to ASCII case.
    func hasPrefixIgnoringCase(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard length <= count else { return false }
        return text.withUTF8Buffer { expected in
            for position in 0..<length {
                let byte = self[position]
                let lowered = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
                if unsafe lowered != expected[position] { return false }
            }
            return true
        }
    }

    /// Where the bytes stand without the spaces and tabs around them.
    var trimmed: Range<Int> {
        var start = 0
        var end = count
        while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
        while end > start, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
        return start..<end
    }

    /// The position of the first byte that is neither white space nor part of a byte order mark; the end without one.
    var firstVisible: Int {
        var start = matches("\u{FEFF}") ? 3 : 0
        while start < count, [0x20, 0x09, 0x0A, 0x0D].contains(self[start]) { start += 1 }
        return start
    }

    /// Whether there is nothing but white space.
    var isBlank: Bool { firstVisible == count }
}
