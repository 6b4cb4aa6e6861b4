// SPDX-License-Identifier: Apache-2.0

import Telemetry

extension MetricSnapshot {
    /// The values of a sum's points, in their order.
    func sums(_ name: String) -> [NumberValue] {
        for metric in metrics where metric.description.name == name {
            if case .sum(let points, _, _) = metric.data { return points.map(\.value) }
        }
        return []
    }

    /// What the points of a metric cover; nil for gauges.
    func temporality(_ name: String) -> AggregationTemporality? {
        switch metrics.first(where: { $0.description.name == name })?.data {
        case .sum(_, _, let temporality), .histogram(_, let temporality), .exponentialHistogram(_, let temporality):
            temporality
        case .gauge, nil: nil
        }
    }

    /// The first point of the first explicit histogram.
    var histogramPoint: HistogramPoint? {
        for metric in metrics {
            if case .histogram(let points, _) = metric.data { return points.first }
        }
        return nil
    }

    /// The first point of the first exponential histogram.
    var exponentialPoint: ExponentialHistogramPoint? {
        for metric in metrics {
            if case .exponentialHistogram(let points, _) = metric.data { return points.first }
        }
        return nil
    }
}
