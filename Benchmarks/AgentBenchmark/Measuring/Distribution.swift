// SPDX-License-Identifier: Apache-2.0

import Foundation
import Telemetry

/// How the values of an exponential histogram are distributed, over all its series.
struct Distribution {
    /// How many values there were up to each upper bound.
    private var counts: [Double: UInt64] = [:]
    /// The largest value ever recorded.
    private(set) var maximum = 0.0

    init(of name: String, in snapshot: MetricSnapshot) {
        for metric in snapshot.metrics where metric.description.name == name {
            guard case .exponentialHistogram(let points, _) = metric.data else { continue }
            for point in points {
                counts[0, default: 0] += point.zeroCount
                let base = exp2(exp2(-Double(point.scale)))
                for (index, count) in point.positive.counts.enumerated() where count > 0 {
                    counts[pow(base, Double(Int(point.positive.offset) + index + 1)), default: 0] += count
                }
                maximum = max(maximum, point.range?.upperBound ?? 0)
            }
        }
    }

    /// The bound that this share of the values is not above.
    func quantile(_ share: Double) -> Double {
        let total = counts.values.reduce(0, +)
        var seen: UInt64 = 0
        for (bound, count) in counts.sorted(by: { $0.key < $1.key }) {
            seen += count
            if Double(seen) >= share * Double(total) { return min(bound, maximum) }
        }
        return maximum
    }
}
