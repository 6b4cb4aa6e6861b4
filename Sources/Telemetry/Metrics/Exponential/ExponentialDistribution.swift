// SPDX-License-Identifier: Apache-2.0

/// A distribution over buckets whose bounds grow by a constant factor, as fine as the buckets suffice for (Metrics SDK,
/// "Base2 Exponential Bucket Histogram Aggregation").
struct ExponentialDistribution: Sendable {
    /// How many buckets there may be on either side of zero, and the scale to begin with.
    struct Limits: Sendable, Hashable {
        var size = 160
        var scale = ExponentialMapping.scales.upperBound
    }

    private let limits: Limits
    /// Which bucket a number belongs to.
    private(set) var mapping: ExponentialMapping
    /// The buckets of the numbers above zero.
    var positive = ExponentialBuckets()
    /// The buckets of the numbers below zero, by their magnitude.
    var negative = ExponentialBuckets()

    /// An empty distribution.
    init(_ limits: Limits) {
        precondition(limits.size >= 2, "An exponential histogram needs at least 2 buckets: \(limits.size)")
        self.limits = limits
        mapping = ExponentialMapping(scale: limits.scale)
    }

    /// Counts a finite number other than zero.
    mutating func record(_ value: Double) {
        let index = fittingIndex(of: value)
        if value > 0 {
            positive.add(1, at: index)
        } else {
            negative.add(1, at: index)
        }
    }

    /// The index of a value's magnitude at the present scale, after as much coarsening as it takes for its bucket to have room.
    private mutating func fittingIndex(of value: Double) -> Int {
        let index = mapping.index(of: value.magnitude)
        var range = value > 0 ? positive.range(with: index) : negative.range(with: index)
        var change = 0
        // The scale never goes below -10: there are only two buckets then.
        while range.upperBound - range.lowerBound >= limits.size {
            range = (range.lowerBound &>> 1)...(range.upperBound &>> 1)
            change += 1
        }
        guard change > 0 else { return index }
        positive.downscale(by: change)
        negative.downscale(by: change)
        mapping = ExponentialMapping(scale: mapping.scale - change)
        // Again: the index at the new scale may differ by one from the shifted one, for logarithms are not exact.
        return fittingIndex(of: value)
    }
}
