// SPDX-License-Identifier: Apache-2.0

/// Where a string stands in a JSON text that was checked, without its quotation marks.
package struct JSONStringToken: Sendable, Hashable {
    /// The bytes between the quotation marks.
    package let range: Range<Int>
    /// The text between the quotation marks is not what the string is.
    package let hasEscapes: Bool

    init(range: Range<Int>, hasEscapes: Bool) {
        self.range = range
        self.hasEscapes = hasEscapes
    }

    /// Whether the string is `text`.
    package func equals(_ text: StaticString, in bytes: Span<UInt8>) -> Bool {
        if hasEscapes { return decoded(in: bytes).span.equals(text) }
        return range.count == text.utf8CodeUnitCount && bytes.matches(text, at: range.lowerBound)
    }

    /// The string.
    package func string(in bytes: Span<UInt8>) -> String {
        String(decoding: decoded(in: bytes), as: UTF8.self)
    }

    /// The string as UTF-8, its escapes resolved; not more than `limit` bytes, cut between two characters.
    package func decoded(in bytes: Span<UInt8>, limit: Int = .max) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(min(range.count, limit))
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = bytes[position]
            let before = result.count
            if byte == UInt8(ascii: "\\") {
                position += Self.appendEscape(at: position, in: bytes, to: &result)
            } else {
                let length = byte < 0x80 ? 1 : (JSONReader.scalarLength(at: position, in: bytes) ?? 1)
                for next in position..<(position + length) { result.append(bytes[next]) }
                position += length
            }
            if result.count > limit {
                result.removeSubrange(before...)
                break
            }
        }
        return result
    }

    /// Appends what the escape sequence at `position` stands for, and returns the sequence's length.
    private static func appendEscape(at position: Int, in bytes: Span<UInt8>, to result: inout [UInt8]) -> Int {
        switch bytes[position + 1] {
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"):
            let unit = codeUnit(at: position + 2, in: bytes) ?? 0xFFFD
            if UTF16.isLeadSurrogate(unit), bytes.matches("\\u", at: position + 6),
                let partner = codeUnit(at: position + 8, in: bytes), UTF16.isTrailSurrogate(partner)
            {
                let scalar = 0x10000 + (UInt32(unit & 0x3FF) << 10) + UInt32(partner & 0x3FF)
                append(Unicode.Scalar(scalar), to: &result)
                return 12
            }
            append(Unicode.Scalar(unit), to: &result)
            return 6
        case let literal: result.append(literal)
        }
        return 2
    }

    /// Appends `scalar`, or the replacement character for a surrogate without its partner.
    private static func append(_ scalar: Unicode.Scalar?, to result: inout [UInt8]) {
        result.append(contentsOf: UTF8.encode(scalar ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter)
    }

    /// The four hexadecimal digits at `position`; nil when they are not four.
    static func codeUnit(at position: Int, in bytes: Span<UInt8>) -> UInt16? {
        guard position + 4 <= bytes.count else { return nil }
        var unit: UInt16 = 0
        for next in position..<(position + 4) {
            let digit: UInt8
            switch bytes[next] {
            case let byte where (0x30...0x39).contains(byte): digit = byte - 0x30
            case let byte where (0x41...0x46).contains(byte): digit = byte - 0x37
            case let byte where (0x61...0x66).contains(byte): digit = byte - 0x57
            default: return nil
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}
