// SPDX-License-Identifier: Apache-2.0

/// The id of a trace: 16 bytes, not all zero.
public struct TraceID: Sendable, Hashable, CustomStringConvertible {
    /// The first eight bytes, big-endian.
    public let high: UInt64
    /// The last eight bytes, big-endian.
    public let low: UInt64

    /// The id with these words.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A random id; every bit of it is, so the W3C flag `random` may be set.
    public static func random(using generator: inout some RandomNumberGenerator) -> TraceID {
        while true {
            let id = TraceID(high: generator.next(), low: generator.next())
            if id.isValid { return id }
        }
    }

    /// The id written as 32 lowercase hexadecimal digits; nil for anything else and for zero.
    public init?(hexadecimal: some StringProtocol) {
        guard let words = Hexadecimal.words(hexadecimal.utf8, count: 2), words != [0, 0] else { return nil }
        self.init(high: words[0], low: words[1])
    }

    /// Whether it is not zero.
    public var isValid: Bool {
        high | low != 0
    }

    /// 32 lowercase hexadecimal digits.
    public var description: String {
        Hexadecimal.text(high, low)
    }
}
