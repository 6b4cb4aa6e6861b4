// SPDX-License-Identifier: Apache-2.0

/// One point of an explicit-bucket histogram.
public struct HistogramPoint: Sendable, Hashable {
    /// The series.
    public var attributes: AttributeSet
    /// The upper-inclusive bounds of the buckets.
    public var bounds: HistogramBounds
    /// One count per bucket, one more than there are bounds.
    public var bucketCounts: [UInt64]
    /// The sum of the recorded values.
    public var sum: Double
    /// The smallest and the largest recorded value; nil when nothing was recorded.
    public var range: ClosedRange<Double>?
    /// At most one example of the values of each bucket.
    public var exemplars: [Exemplar]
    /// When the series began, in nanoseconds since 1970; nil: with its meter.
    public var start: UInt64?

    /// A point.
    public init(
        attributes: AttributeSet,
        bounds: HistogramBounds,
        bucketCounts: [UInt64],
        sum: Double,
        range: ClosedRange<Double>?,
        exemplars: [Exemplar] = []
    ) {
        self.attributes = attributes
        self.bounds = bounds
        self.bucketCounts = bucketCounts
        self.sum = sum
        self.range = range
        self.exemplars = exemplars
    }

    /// How many values were recorded.
    public var count: UInt64 {
        bucketCounts.reduce(0, &+)
    }
}
