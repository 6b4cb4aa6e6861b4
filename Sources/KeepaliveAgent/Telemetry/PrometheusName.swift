// SPDX-License-Identifier: Apache-2.0

/// How Prometheus names a metric that it receives over OTLP, by its default translation
/// (`UnderscoreEscapingWithSuffixes`; OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility").
package enum PrometheusName {
    /// The words for the units that occur in the catalogue. What stands in braces annotates and adds nothing.
    private static let units = ["s": "seconds", "By": "bytes", "ms": "milliseconds"]

    /// The name of the metric's family; a histogram's samples add `_bucket`, `_sum` and `_count`.
    package static func family(_ metric: MetricDefinition) -> String {
        var words = metric.name.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.map(String.init)
        if let unit = units[metric.unit], !words.contains(unit) { words.append(unit) }
        if metric.kind == .counter {
            words.removeAll { $0 == "total" }
            words.append("total")
        }
        return words.joined(separator: "_")
    }

    /// An attribute's name as a label.
    package static func label(_ key: String) -> String {
        String(key.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    /// A query that shows what the metric is for, by all attributes that it is worth looking at side by side.
    package static func exampleQuery(_ metric: MetricDefinition) -> String {
        let labels = metric.attributes.prefix(3).map { label($0.key) }
        let name = family(metric)
        func by(_ labels: [String]) -> String { labels.isEmpty ? "" : " by (\(labels.joined(separator: ", ")))" }
        switch metric.kind {
        case .counter: return "sum\(by(labels)) (increase(\(name)[1h]))"
        case .upDownCounter: return "sum\(by(labels)) (\(name))"
        case .gauge where metric.name.hasPrefix("keepalive_next_"):
            return "max\(by(labels)) (\(name) > 0) - time()"
        case .gauge where metric.name.hasSuffix("_timestamp_seconds"):
            return "time() - max\(by(labels)) (\(name) > 0)"
        case .gauge: return "max\(by(labels)) (\(name))"
        case .histogram(let bounds) where bounds.isEmpty:
            return "sum\(by(labels)) (rate(\(name)_sum[15m])) / sum\(by(labels)) (rate(\(name)_count[15m]))"
        case .histogram:
            return "histogram_quantile(0.95, sum\(by(["le"] + labels)) (rate(\(name)_bucket[15m])))"
        }
    }
}
