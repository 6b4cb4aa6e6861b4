// SPDX-License-Identifier: Apache-2.0

extension JSONWriter {
    /// Writes the comma that belongs between what was written last and what comes now.
    @inline(__always)
    mutating func separate() {
        switch bytes.last {
        case nil, 0x7B, 0x5B, 0x3A, 0x2C, 0x0A: break  // nothing, { [ : , newline
        default: bytes.append(0x2C)
        }
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func appendDigits(of value: UInt64) {
        guard value >= 10 else {
            bytes.append(0x30 &+ UInt8(truncatingIfNeeded: value))
            return
        }
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = 20
        var rest = value
        while rest != 0 {
            let quotient = rest / 10
            first &-= 1
            digits[first] = 0x30 &+ UInt8(truncatingIfNeeded: rest &- quotient &* 10)
            rest = quotient
        }
        unsafe digits.span.extracting(first..<20).withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    /// Writes a string whose bytes are known to be UTF-8: runs that need no escaping are copied whole.
    mutating func string(validated text: Span<UInt8>, limit: Int) {
        separate()
        bytes.append(0x22)
        let end = JSONWriter.cut(text, limit: limit)
        var runStart = 0
        var index = 0
        while index < end {
            let byte = text[index]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C {
                append(text.extracting(runStart..<index))
                appendEscape(of: byte)
                runStart = index + 1
            }
            index += 1
        }
        append(text.extracting(runStart..<end))
        bytes.append(0x22)
    }

    /// The largest count up to `limit` that does not end within a scalar.
    static func cut(_ text: Span<UInt8>, limit: Int) -> Int {
        guard text.count > limit else { return text.count }
        var end = max(0, limit)
        while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }

    @inline(__always)
    private mutating func append(_ run: Span<UInt8>) {
        unsafe run.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    /// RFC 8259 section 7.
    private mutating func appendEscape(of byte: UInt8) {
        bytes.append(0x5C)
        switch byte {
        case 0x22, 0x5C: bytes.append(byte)
        case 0x08: bytes.append(0x62)
        case 0x09: bytes.append(0x74)
        case 0x0A: bytes.append(0x6E)
        case 0x0C: bytes.append(0x66)
        case 0x0D: bytes.append(0x72)
        default:
            append("u00")
            bytes.append(0x30 &+ byte >> 4)
            let low = byte & 0x0F
            bytes.append(low < 10 ? 0x30 &+ low : 0x57 &+ low)
        }
    }
}
