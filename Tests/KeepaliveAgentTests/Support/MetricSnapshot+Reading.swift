// SPDX-License-Identifier: Apache-2.0

import Telemetry

extension MetricSnapshot {
    subscript(name: String) -> Metric? { metrics.first { $0.description.name == name } }

    /// The sum of the points of a sum or gauge that have all these attributes; nil when there are none.
    func value(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) -> Double? {
        let points = numberPoints(name).filter { $0.attributes.contains(attributes) }
        if points.isEmpty { return nil }
        return points.reduce(0) { sum, point in
            switch point.value {
            case .int(let value): sum + Double(value)
            case .double(let value): sum + value
            }
        }
    }

    /// The only histogram point that has all these attributes; nil when there is none, or more than one.
    func histogram(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) -> HistogramPoint? {
        guard case .histogram(let points, _)? = self[name]?.data else { return nil }
        let matching = points.filter { $0.attributes.contains(attributes) }
        return matching.count == 1 ? matching[0] : nil
    }

    func numberPoints(_ name: String) -> [NumberPoint] {
        switch self[name]?.data {
        case .gauge(let points), .sum(let points, _, _): points
        case .histogram, .exponentialHistogram, nil: []
        }
    }

    /// The attributes of every point of a metric.
    func attributeSets(_ name: String) -> [AttributeSet] {
        switch self[name]?.data {
        case .gauge(let points), .sum(let points, _, _): points.map(\.attributes)
        case .histogram(let points, _): points.map(\.attributes)
        case .exponentialHistogram(let points, _): points.map(\.attributes)
        case nil: []
        }
    }
}

extension AttributeSet {
    func contains(_ attributes: KeyValuePairs<String, String>) -> Bool {
        attributes.allSatisfy { self[$0.key] == .string($0.value) }
    }
}

extension Telemetry.Span {
    /// The value of an attribute, shared or own.
    subscript(key: String) -> AttributeValue? {
        attributes.first { $0.key == key }?.value ?? sharedAttributes[key]
    }
}
