// SPDX-License-Identifier: Apache-2.0

/// The points of one metric.
public enum MetricData: Sendable, Hashable {
    /// Values that stand for themselves.
    case gauge([NumberPoint])
    /// Values that add up.
    case sum([NumberPoint], isMonotonic: Bool, AggregationTemporality)
    /// Distributions.
    case histogram([HistogramPoint], AggregationTemporality)
    /// Distributions over buckets that adapt to the values.
    case exponentialHistogram([ExponentialHistogramPoint], AggregationTemporality)

    /// How many points there are.
    public var pointCount: Int {
        switch self {
        case .gauge(let points), .sum(let points, _, _): points.count
        case .histogram(let points, _): points.count
        case .exponentialHistogram(let points, _): points.count
        }
    }

    /// The same points, those of these series with their own start.
    func starting(at starts: [AttributeSet: UInt64]) -> MetricData {
        if starts.isEmpty { return self }
        switch self {
        case .gauge: return self
        case .sum(var points, let isMonotonic, let temporality):
            for index in points.indices { points[index].start = starts[points[index].attributes] }
            return .sum(points, isMonotonic: isMonotonic, temporality)
        case .histogram(var points, let temporality):
            for index in points.indices { points[index].start = starts[points[index].attributes] }
            return .histogram(points, temporality)
        case .exponentialHistogram(var points, let temporality):
            for index in points.indices { points[index].start = starts[points[index].attributes] }
            return .exponentialHistogram(points, temporality)
        }
    }

    /// These points only.
    func extracting(_ range: Range<Int>) -> MetricData {
        switch self {
        case .gauge(let points): .gauge(Array(points[range]))
        case .sum(let points, let isMonotonic, let temporality):
            .sum(Array(points[range]), isMonotonic: isMonotonic, temporality)
        case .histogram(let points, let temporality): .histogram(Array(points[range]), temporality)
        case .exponentialHistogram(let points, let temporality):
            .exponentialHistogram(Array(points[range]), temporality)
        }
    }
}
