// SPDX-License-Identifier: Apache-2.0

/// What the buckets of one series of an exponential histogram say at one moment.
struct ExponentialReading: Sendable {
    /// How many values were zero.
    let zeroCount: UInt64
    /// The others.
    let distribution: ExponentialDistribution

    /// The reading as a point without a sum, a range and exemplars.
    func point(_ attributes: AttributeSet) -> ExponentialHistogramPoint {
        let hasOnlyZeros = zeroCount > 0 && distribution.positive.counts.isEmpty && distribution.negative.counts.isEmpty
        return ExponentialHistogramPoint(
            attributes: attributes,
            // Any scale is right for zeros alone; 0 is what the reference implementations say.
            scale: hasOnlyZeros ? 0 : distribution.mapping.scale,
            zeroCount: zeroCount,
            positive: distribution.positive,
            negative: distribution.negative,
            sum: 0,
            range: nil
        )
    }
}
