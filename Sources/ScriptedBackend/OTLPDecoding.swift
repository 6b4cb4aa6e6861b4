// SPDX-License-Identifier: Apache-2.0

internal import JSONText

/// Reads the JSON form of OTLP export requests. Lenient where a receiver must be: numbers may be text, members absent.
enum OTLPDecoding {
    /// The points of an ExportMetricsServiceRequest, in order.
    static func metrics(in request: JSONNode) -> [RecordedMetric] {
        items(of: request, "resourceMetrics", "scopeMetrics", "metrics").flatMap { metric -> [RecordedMetric] in
            let name = metric["name"]?.string ?? ""
            let unit = metric["unit"]?.string ?? ""
            let (data, kind) = data(of: metric)
            return (data?["dataPoints"]?.array ?? []).compactMap { point in
                guard let value = value(of: point, kind: kind) else { return nil }
                let key = RecordedMetric.Key(name: name, attributes: attributes(of: point))
                return RecordedMetric(key: key, unit: unit, value: value)
            }
        }
    }

    /// The spans of an ExportTraceServiceRequest, in order.
    static func spans(in request: JSONNode) -> [RecordedSpan] {
        items(of: request, "resourceSpans", "scopeSpans", "spans").map { span in
            RecordedSpan(
                name: span["name"]?.string ?? "",
                kind: Int(number(span["kind"]) ?? 0),
                traceID: span["traceId"]?.string ?? "",
                spanID: span["spanId"]?.string ?? "",
                parentSpanID: nonEmpty(span["parentSpanId"]?.string),
                attributes: attributes(of: span),
                isError: number(span["status"]?["code"]) == 2,
                start: integer(span["startTimeUnixNano"]) ?? 0,
                end: integer(span["endTimeUnixNano"]) ?? 0
            )
        }
    }

    /// The records of an ExportLogsServiceRequest, in order.
    static func logs(in request: JSONNode) -> [RecordedLog] {
        items(of: request, "resourceLogs", "scopeLogs", "logRecords").map { record in
            RecordedLog(
                eventName: nonEmpty(record["eventName"]?.string),
                body: record["body"].map(text(of:)) ?? "",
                severityNumber: Int(number(record["severityNumber"]) ?? 0),
                attributes: attributes(of: record),
                traceID: nonEmpty(record["traceId"]?.string)
            )
        }
    }

    private enum Kind { case counter, upDownCounter, gauge, histogram }

    private static func data(of metric: JSONNode) -> (JSONNode?, Kind) {
        if let sum = metric["sum"] {
            return (sum, sum["isMonotonic"]?.bool == true ? .counter : .upDownCounter)
        }
        if let histogram = metric["histogram"] { return (histogram, .histogram) }
        return (metric["gauge"], .gauge)
    }

    /// A point without a value has none: writing it as zero would hide a defect of the sender.
    private static func value(of point: JSONNode, kind: Kind) -> RecordedMetric.Value? {
        if kind == .histogram {
            guard let count = integer(point["count"]) else { return nil }
            return .histogram(count: count, sum: number(point["sum"]) ?? 0)
        }
        guard let value = number(point["asInt"]) ?? number(point["asDouble"]) else { return nil }
        switch kind {
        case .counter: return .counter(value)
        case .upDownCounter: return .upDownCounter(value)
        default: return .gauge(value)
        }
    }

    /// The innermost of three nested arrays, as all three signals have them.
    private static func items(of request: JSONNode, _ resource: String, _ scope: String, _ item: String) -> [JSONNode] {
        (request[resource]?.array ?? []).flatMap { $0[scope]?.array ?? [] }.flatMap { $0[item]?.array ?? [] }
    }

    private static func attributes(of item: JSONNode) -> [String: String] {
        let pairs = (item["attributes"]?.array ?? []).compactMap { pair -> (String, String)? in
            guard let key = pair["key"]?.string, let value = pair["value"] else { return nil }
            return (key, text(of: value))
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// An AnyValue as text.
    private static func text(of value: JSONNode) -> String {
        switch value.object?.members.first?.node.value {
        case .string(let text): text
        case .number(let number): number.text
        case .bool(let bool): String(bool)
        default: ""
        }
    }

    private static func number(_ node: JSONNode?) -> Double? {
        node?.number?.double ?? node?.string.flatMap(Double.init)
    }

    private static func integer(_ node: JSONNode?) -> UInt64? {
        (node?.number?.text ?? node?.string).flatMap(UInt64.init)
    }

    private static func nonEmpty(_ text: String?) -> String? {
        text?.isEmpty == false ? text : nil
    }
}
