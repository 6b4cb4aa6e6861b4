// SPDX-License-Identifier: Apache-2.0

extension JSONReader {
    /// Reads a string and checks its escapes and its UTF-8.
    package mutating func readString(in bytes: Span<UInt8>) throws(JSONError) -> JSONStringToken {
        guard try nextByte(in: bytes) == UInt8(ascii: "\"") else { throw JSONError(.unexpectedCharacter, at: offset) }
        let start = offset + 1
        var position = start
        var hasEscapes = false
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                offset = position + 1
                return JSONStringToken(range: start..<position, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                position += try Self.escapeLength(at: position, in: bytes)
            case 0x00..<0x20:
                throw JSONError(.controlCharacter, at: position)
            case 0x20..<0x80:
                position += 1
            default:
                guard let length = Self.scalarLength(at: position, in: bytes) else {
                    throw JSONError(.invalidUTF8, at: position)
                }
                position += length
            }
        }
        throw JSONError(.unexpectedEnd, at: bytes.count)
    }

    /// Reads a number and returns where its text stands.
    package mutating func readNumber(in bytes: Span<UInt8>) throws(JSONError) -> Range<Int> {
        _ = try nextByte(in: bytes)
        let start = offset
        var position = start
        // RFC 8259, section 6: [minus] int [frac] [exp]; int has no leading zeros.
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let isZero = position < bytes.count && bytes[position] == UInt8(ascii: "0")
        let digits = Self.digits(at: position, in: bytes)
        guard digits == 1 || (digits > 1 && !isZero) else { throw JSONError(.invalidNumber, at: start) }
        position += digits
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            let fraction = Self.digits(at: position + 1, in: bytes)
            guard fraction > 0 else { throw JSONError(.invalidNumber, at: start) }
            position += 1 + fraction
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[position]) {
                position += 1
            }
            let exponent = Self.digits(at: position, in: bytes)
            guard exponent > 0 else { throw JSONError(.invalidNumber, at: start) }
            position += exponent
        }
        offset = position
        return start..<position
    }

    private static func digits(at start: Int, in bytes: Span<UInt8>) -> Int {
        var position = start
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            position += 1
        }
        return position - start
    }

    /// The length of the escape sequence at `position`. Surrogates without a partner are let through, because servers
    /// that cut a text in two send them; decoding replaces them.
    private static func escapeLength(at position: Int, in bytes: Span<UInt8>) throws(JSONError) -> Int {
        guard position + 1 < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
        switch bytes[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return 2
        case UInt8(ascii: "u"):
            guard JSONStringToken.codeUnit(at: position + 2, in: bytes) != nil else {
                throw JSONError(.invalidEscape, at: position)
            }
            return 6
        default:
            throw JSONError(.invalidEscape, at: position)
        }
    }

    /// The length of the UTF-8 sequence at `position`, which is no ASCII; nil when it is none (Unicode, table 3-7).
    static func scalarLength(at position: Int, in bytes: Span<UInt8>) -> Int? {
        let length: Int
        let second: ClosedRange<UInt8>
        switch bytes[position] {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
        guard position + length <= bytes.count, second.contains(bytes[position + 1]) else { return nil }
        for next in (position + 2)..<(position + length) where !(0x80...0xBF).contains(bytes[next]) { return nil }
        return length
    }
}
