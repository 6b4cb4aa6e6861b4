// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Which bucket of an exponential histogram a number belongs to, at one scale.
///
/// Bucket `index` holds the numbers in (base^index, base^(index + 1)], base = 2^(2^-scale). The arithmetic is that of
/// OpenTelemetry's reference implementations, so that numbers near a bound land in the same bucket.
struct ExponentialMapping: Sendable, Hashable {
    /// The scales that there are: at 20 an index fits in 32 bits, at -10 two buckets hold all numbers.
    static let scales = -10...20

    /// How fine the buckets are.
    let scale: Int
    /// log(number) times this is the index.
    private let factor: Double

    /// The mapping at a scale in `scales`.
    init(scale: Int) {
        precondition(
            Self.scales.contains(scale),
            "The scale of an exponential histogram must be in \(Self.scales): \(scale)"
        )
        self.scale = scale
        // 2^scale / log(2), without a call.
        factor = (1 / log(2.0)) * Double(bitPattern: UInt64(1023 + scale) &<< 52)
    }

    /// The bucket of a positive, finite number.
    func index(of number: Double) -> Int {
        scale > 0 ? logarithm(number) : exponent(number)
    }

    private func logarithm(_ number: Double) -> Int {
        // Subnormal numbers share the bucket below the smallest normal number.
        if number <= .leastNormalMagnitude { return (Self.leastExponent &<< scale) - 1 }
        // The logarithm is not exact, powers of two are: they are the upper bounds of their buckets.
        if number.significandBitPattern == 0 { return (Int(number.exponent) &<< scale) - 1 }
        return min(Int((log(number) * factor).rounded(.down)), ((Self.greatestExponent + 1) &<< scale) - 1)
    }

    private func exponent(_ number: Double) -> Int {
        if number < .leastNormalMagnitude {
            // At these two scales 2^-1022 is the upper bound of a bucket.
            return (Self.leastExponent &>> -scale) - (scale >= -1 ? 1 : 0)
        }
        return (Int(number.exponent) - (number.significandBitPattern == 0 ? 1 : 0)) &>> -scale
    }

    private static let leastExponent = -1022
    private static let greatestExponent = 1023
}
