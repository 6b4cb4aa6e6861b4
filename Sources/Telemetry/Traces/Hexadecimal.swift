// SPDX-License-Identifier: Apache-2.0

/// Sixteen lowercase hexadecimal digits per 64-bit word, the form of ids in OTLP JSON and in `traceparent`.
enum Hexadecimal {
    /// Appends all sixteen digits of a word.
    static func append(_ word: UInt64, to bytes: inout [UInt8]) {
        var digits = InlineArray<16, UInt8>(repeating: 0)
        for index in 0..<16 {
            digits[index] = digit(UInt8(truncatingIfNeeded: word &>> UInt64(60 &- 4 &* index)) & 0x0F)
        }
        unsafe digits.span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    /// The digit of a number below 16.
    @inline(__always)
    static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 &+ value : 0x57 &+ value
    }

    /// The words of lowercase digits, or nil: W3C Trace Context allows no uppercase ones.
    static func words(_ digits: some Collection<UInt8>, count: Int) -> [UInt64]? {
        guard digits.count == 16 * count else { return nil }
        var words: [UInt64] = []
        var word: UInt64 = 0
        for (index, digit) in digits.enumerated() {
            switch digit {
            case 0x30...0x39: word = word << 4 | UInt64(digit - 0x30)
            case 0x61...0x66: word = word << 4 | UInt64(digit - 0x57)
            default: return nil
            }
            if index % 16 == 15 {
                words.append(word)
                word = 0
            }
        }
        return words
    }

    /// The digits of words as text.
    static func text(_ words: UInt64...) -> String {
        var bytes: [UInt8] = []
        for word in words {
            append(word, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
