// SPDX-License-Identifier: Apache-2.0

package import JSONText

extension OTLPJSON {
    /// The body of a request to `v1/metrics`; empty when there are no points.
    public static func encode(metrics snapshot: MetricSnapshot, resource: Resource) -> [UInt8] {
        var writer = JSONWriter()
        encode(metrics: snapshot, resource: resource, into: &writer)
        return writer.bytes
    }

    /// Appends the body of a request to `v1/metrics`; nothing when there are no points.
    package static func encode(metrics snapshot: MetricSnapshot, resource: Resource, into writer: inout JSONWriter) {
        let metrics = snapshot.metrics.filter { $0.data.pointCount > 0 }
        writer.envelope(
            metrics,
            resource,
            names: ("resourceMetrics", "scopeMetrics", "metrics"),
            scope: { _, _ in snapshot.scope },
            write: { $0.metric($1[$2], of: snapshot) }
        )
    }
}

extension JSONWriter {
    fileprivate mutating func metric(_ metric: MetricSnapshot.Metric, of snapshot: MetricSnapshot) {
        let time = snapshot.time
        beginObject()
        key("name")
        string(metric.description.name)
        text("description", metric.description.description)
        text("unit", metric.description.unit)
        switch metric.data {
        case .gauge(let points):
            raw(literal: #""gauge":{"dataPoints":["#)
            for point in points { number(point, start: nil, time: time) }
            endArray()
        case .sum(let points, let isMonotonic, let temporality):
            raw(literal: #""sum":{"dataPoints":["#)
            for point in points where point.value.isSummable {
                number(point, start: snapshot.start(temporality, point.start), time: time)
            }
            endArray()
            key("aggregationTemporality")
            integer(Int(temporality.rawValue))
            if isMonotonic { raw(literal: #""isMonotonic":true"#) }
        case .histogram(let points, let temporality):
            raw(literal: #""histogram":{"dataPoints":["#)
            for point in points { histogram(point, start: snapshot.start(temporality, point.start), time: time) }
            endArray()
            key("aggregationTemporality")
            integer(Int(temporality.rawValue))
        case .exponentialHistogram(let points, let temporality):
            raw(literal: #""exponentialHistogram":{"dataPoints":["#)
            for point in points { histogram(point, start: snapshot.start(temporality, point.start), time: time) }
            endArray()
            key("aggregationTemporality")
            integer(Int(temporality.rawValue))
        }
        endObject()
        endObject()
    }

    private mutating func number(_ point: NumberPoint, start: UInt64?, time: UInt64) {
        beginObject()
        attributes(point.attributes)
        times(start, time)
        switch point.value {
        case .int(let value):
            // Also when it is 0: a member of a oneof that is left out means that the point has no value.
            key("asInt")
            exactInteger(value)
        case .double(let value):
            key("asDouble")
            double(value, nonFinite: .string)
        }
        endObject()
    }

    private mutating func histogram(_ point: HistogramPoint, start: UInt64, time: UInt64) {
        beginObject()
        attributes(point.attributes)
        times(start, time)
        key("count")
        exactInteger(point.count)
        sum(point.sum)
        key("bucketCounts")
        beginArray()
        for count in point.bucketCounts { exactInteger(count) }
        endArray()
        raw(point.bounds.json)
        if point.count > 0 { self.range(point.range) }
        exemplars(point.exemplars)
        endObject()
    }

    private mutating func histogram(_ point: ExponentialHistogramPoint, start: UInt64, time: UInt64) {
        beginObject()
        attributes(point.attributes)
        times(start, time)
        key("count")
        exactInteger(point.count)
        sum(point.sum)
        key("scale")
        integer(point.scale)
        key("zeroCount")
        exactInteger(point.zeroCount)
        buckets("positive", point.positive)
        buckets("negative", point.negative)
        if point.count > 0 { range(point.range) }
        exemplars(point.exemplars)
        endObject()
    }

    private mutating func buckets(_ name: StaticString, _ buckets: ExponentialBuckets) {
        guard !buckets.counts.isEmpty else { return }
        key(name)
        beginObject()
        key("offset")
        integer(buckets.offset)
        key("bucketCounts")
        beginArray()
        for count in buckets.counts { exactInteger(count) }
        endArray()
        endObject()
    }

    /// Left out when finite values add up to more than there are numbers for: JSON has none for it either.
    private mutating func sum(_ sum: Double) {
        guard sum.isFinite else { return }
        key("sum")
        double(sum)
    }

    private mutating func range(_ range: ClosedRange<Double>?) {
        guard let range else { return }
        key("min")
        double(range.lowerBound)
        key("max")
        double(range.upperBound)
    }

    private mutating func exemplars(_ exemplars: [Exemplar]) {
        guard !exemplars.isEmpty else { return }
        key("exemplars")
        beginArray()
        for exemplar in exemplars {
            beginObject()
            // Receivers that read a metric strictly drop it when this is left out, or when this time is a string.
            raw(literal: #""filteredAttributes":[]"#)
            key("timeUnixNano")
            integer(exemplar.time)
            key("asDouble")
            double(exemplar.value)
            spanID(exemplar.spanID)
            traceID(exemplar.traceID)
            endObject()
        }
        endArray()
    }

    private mutating func times(_ start: UInt64?, _ time: UInt64) {
        if let start {
            key("startTimeUnixNano")
            integerString(start)
        }
        key("timeUnixNano")
        integerString(time)
    }
}

extension NumberValue {
    /// Whether receivers take it as a total: NaN and infinities only make sense in gauges.
    fileprivate var isSummable: Bool {
        switch self {
        case .int: true
        case .double(let value): value.isFinite
        }
    }
}

extension MetricSnapshot {
    /// Since when a point of this temporality counts, the series having begun at `seriesStart` or with the meter.
    fileprivate func start(_ temporality: AggregationTemporality, _ seriesStart: UInt64?) -> UInt64 {
        temporality == .delta ? intervalStart : seriesStart ?? start
    }
}
