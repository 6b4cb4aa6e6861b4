// SPDX-License-Identifier: Apache-2.0

internal import JSONText
internal import Telemetry

/// What one request carries.
enum ExportBatch: Sendable {
    case spans([Span])
    case logs([LogRecord])
    case metrics(MetricSnapshot)

    /// Spans, records or points.
    var count: Int {
        switch self {
        case .spans(let spans): spans.count
        case .logs(let logs): logs.count
        case .metrics(let snapshot): snapshot.pointCount
        }
    }

    /// Two batches with one half each, or nil when there is nothing to divide.
    var halves: [ExportBatch]? {
        guard count > 1 else { return nil }
        switch self {
        case .spans(let spans):
            let middle = spans.count / 2
            return [.spans(Array(spans[..<middle])), .spans(Array(spans[middle...]))]
        case .logs(let logs):
            let middle = logs.count / 2
            return [.logs(Array(logs[..<middle])), .logs(Array(logs[middle...]))]
        case .metrics(let snapshot):
            return snapshot.split(maximumPoints: (count + 1) / 2).map { .metrics($0) }
        }
    }

    /// Appends the request's body as JSON.
    func encode(_ configuration: OTLPConfiguration, into writer: inout JSONWriter) {
        switch self {
        case .spans(let spans):
            OTLPJSON.encode(
                spans: spans,
                resource: configuration.resource,
                limits: configuration.spanLimits,
                into: &writer
            )
        case .logs(let logs):
            OTLPJSON.encode(
                logs: logs,
                resource: configuration.resource,
                limits: configuration.logRecordLimits,
                into: &writer
            )
        case .metrics(let snapshot):
            OTLPJSON.encode(metrics: snapshot, resource: configuration.resource, into: &writer)
        }
    }
}
