// SPDX-License-Identifier: Apache-2.0

/// One point of an exponential histogram.
public struct ExponentialHistogramPoint: Sendable, Hashable {
    /// The series.
    public var attributes: AttributeSet
    /// How fine the buckets are: bucket i holds the values in (b^i, b^(i + 1)], b = 2^(2^-scale). -10...20.
    public var scale: Int
    /// How many values were zero.
    public var zeroCount: UInt64
    /// The buckets of the values above zero.
    public var positive: ExponentialBuckets
    /// The buckets of the values below zero, by their magnitude.
    public var negative: ExponentialBuckets
    /// The sum of the recorded values.
    public var sum: Double
    /// The smallest and the largest recorded value; nil when nothing was recorded.
    public var range: ClosedRange<Double>?
    /// Examples of the values.
    public var exemplars: [Exemplar]
    /// When the series began, in nanoseconds since 1970; nil: with its meter.
    public var start: UInt64?

    /// A point.
    public init(
        attributes: AttributeSet,
        scale: Int,
        zeroCount: UInt64,
        positive: ExponentialBuckets,
        negative: ExponentialBuckets,
        sum: Double,
        range: ClosedRange<Double>?,
        exemplars: [Exemplar] = []
    ) {
        self.attributes = attributes
        self.scale = scale
        self.zeroCount = zeroCount
        self.positive = positive
        self.negative = negative
        self.sum = sum
        self.range = range
        self.exemplars = exemplars
    }

    /// How many values were recorded.
    public var count: UInt64 {
        zeroCount &+ positive.count &+ negative.count
    }
}
