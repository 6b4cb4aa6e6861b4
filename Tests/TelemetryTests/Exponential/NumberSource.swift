// SPDX-License-Identifier: Apache-2.0

/// The pseudo-random numbers of `scripts/reference-histograms`: SplitMix64, and exact operations only.
struct NumberSource {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func word() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// A number in 0..<1.
    mutating func fraction() -> Double {
        Double(word() >> 11) * 0x1p-53
    }

    /// A positive number whose exponent is in the range.
    mutating func exponents(_ range: ClosedRange<Int>) -> Double {
        let word = word()
        let exponent = range.lowerBound + Int((word >> 52) % UInt64(range.count))
        return Double(bitPattern: UInt64(exponent + 1023) << 52 | word & Self.significand)
    }

    /// The next number of a range.
    mutating func number(in range: Range) -> Double {
        switch range {
        case .uniform: fraction()
        case .latencies: 0.25 + fraction() * fraction() * fraction() * 30000
        case .narrow: 1 + fraction() * 0x1p-14
        case .seconds: exponents(-14...6)
        case .integers: Double(word() % 101)
        case .signed: exponents(-5...5) * (word() & 1 == 1 ? 1 : -1)
        case .negative: -exponents(-3...12)
        case .powers: Double(bitPattern: (word() % 2046 + 1) << 52)
        case .bounds: Double(bitPattern: (word() % 2044 + 2) << 52 + word() % 3 - 1)
        case .subnormal: Double(bitPattern: word() & Self.significand)
        case .anything: exponents(-1022...1023)
        case .zeros: 0
        case .constant: 12.5
        }
    }

    /// Where numbers come from, in the order of the script.
    enum Range: String, CaseIterable {
        case uniform, latencies, narrow, seconds, integers, signed, negative, powers, bounds, subnormal, anything, zeros
        case constant

        var source: NumberSource {
            NumberSource(seed: UInt64(Self.allCases.firstIndex(of: self) ?? 0))
        }
    }

    private static let significand: UInt64 = 1 << 52 - 1
}
