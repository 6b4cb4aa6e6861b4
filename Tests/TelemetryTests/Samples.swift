// SPDX-License-Identifier: Apache-2.0

import Telemetry

/// Values that the tests share.
enum Samples {
    static let scope = InstrumentationScope(name: "agent", version: "1.0")
    static let resource = Resource(["service.name": "mcp-keepalive"])
    static let traceID = TraceID(high: 0x0af7_6519_16cd_43dd, low: 0x8448_eb21_1c80_319c)
    static let spanID = SpanID(0xb7ad_6b71_6920_3331)
    static let context = SpanContext(traceID: traceID, spanID: spanID, flags: .sampled)
    static let start: UInt64 = 1_700_000_000_000_000_000

    static func span(name: String = "ping") -> Telemetry.Span {
        Span(scope: scope, context: context, name: name, kind: .client, start: start, end: start + 5)
    }

    static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// The spans of one request, without the envelope.
    static func body(_ spans: Telemetry.Span..., limits: SpanLimits = SpanLimits()) -> String {
        inner(
            text(OTLPJSON.encode(spans: spans, resource: resource, limits: limits)),
            "resourceSpans",
            "scopeSpans",
            "spans"
        )
    }

    /// The log records of one request, without the envelope.
    static func body(_ records: LogRecord..., limits: LogRecordLimits = LogRecordLimits()) -> String {
        inner(
            text(OTLPJSON.encode(logs: records, resource: resource, limits: limits)),
            "resourceLogs",
            "scopeLogs",
            "logRecords"
        )
    }

    /// The metrics of one request, without the envelope.
    static func body(_ snapshot: MetricSnapshot) -> String {
        inner(
            text(OTLPJSON.encode(metrics: snapshot, resource: resource)),
            "resourceMetrics",
            "scopeMetrics",
            "metrics"
        )
    }

    private static func inner(_ text: String, _ resources: String, _ scopes: String, _ records: String) -> String {
        let prefix =
            #"{"\#(resources)":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"mcp-keepalive"}}]},"#
            + #""\#(scopes)":[{"scope":{"name":"agent","version":"1.0"},"\#(records)":["#
        let suffix = "]}]}]}"
        guard text.hasPrefix(prefix), text.hasSuffix(suffix) else { return "envelope: \(text)" }
        return String(text.dropFirst(prefix.count).dropLast(suffix.count))
    }
}
