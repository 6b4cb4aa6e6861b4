// SPDX-License-Identifier: Apache-2.0

/// The id of a span: 8 bytes, not all zero.
public struct SpanID: Sendable, Hashable, CustomStringConvertible {
    /// The eight bytes, big-endian.
    public let word: UInt64

    /// The id with this word.
    public init(_ word: UInt64) {
        self.word = word
    }

    /// A random id.
    public static func random(using generator: inout some RandomNumberGenerator) -> SpanID {
        while true {
            let id = SpanID(generator.next())
            if id.isValid { return id }
        }
    }

    /// The id written as 16 lowercase hexadecimal digits; nil for anything else and for zero.
    public init?(hexadecimal: some StringProtocol) {
        guard let words = Hexadecimal.words(hexadecimal.utf8, count: 1), words != [0] else { return nil }
        self.init(words[0])
    }

    /// Whether it is not zero.
    public var isValid: Bool {
        word != 0
    }

    /// 16 lowercase hexadecimal digits.
    public var description: String {
        Hexadecimal.text(word)
    }
}
