// SPDX-License-Identifier: Apache-2.0

internal import JSONText

/// A batch as people read it: a line per span, log record and metric point.
///
/// It is made from the OTLP JSON, so that it shows what would be exported, and everything of it. A reader for eyes: fields
/// that it does not know are not shown.
struct ConsoleText: Sendable, Hashable {
    /// The lines, without line breaks.
    private(set) var lines: [String] = []

    /// The lines of a request's body.
    init(json: [UInt8], signal: Signal) {
        guard let root = try? JSONValue.parse(json.span, maxValues: .max) else { return }
        let names =
            switch signal {
            case .traces: ("resourceSpans", "scopeSpans", "spans")
            case .metrics: ("resourceMetrics", "scopeMetrics", "metrics")
            case .logs: ("resourceLogs", "scopeLogs", "logRecords")
            }
        for resource in root[names.0]?.array ?? [] {
            for scope in resource[names.1]?.array ?? [] {
                for element in scope[names.2]?.array ?? [] {
                    switch signal {
                    case .traces: lines.append(Self.span(element))
                    case .metrics: lines += Self.metric(element)
                    case .logs: lines.append(Self.logRecord(element))
                    }
                }
            }
        }
    }

    private static func span(_ span: JSONNode) -> String {
        let (start, end) = (nanoseconds(span["startTimeUnixNano"]), nanoseconds(span["endTimeUnixNano"]))
        let microseconds = (end - min(start, end)) / 1000
        var words = [ConsoleTime.text(start), "SPAN", word(span["name"]?.string ?? "")]
        words.append("\(microseconds / 1000).\(padded(microseconds % 1000, to: 3))ms")
        if span["status"]?["code"]?.number?.int64 == 2 {
            words.append("ERROR(\(word(span["status"]?["message"]?.string ?? "")))")
        }
        words += ids(span)
        if let parent = span["parentSpanId"]?.string { words.append("parent_span_id=\(parent)") }
        return (words + attributes(span)).joined(separator: " ")
    }

    private static func logRecord(_ record: JSONNode) -> String {
        let time = nanoseconds(record["timeUnixNano"] ?? record["observedTimeUnixNano"])
        var words = [ConsoleTime.text(time), "LOG", record["severityText"]?.string ?? "-"]
        if let event = record["eventName"]?.string { words.append(word(event)) }
        if let body = record["body"] { words.append(value(body)) }
        return (words + attributes(record) + ids(record)).joined(separator: " ")
    }

    private static func metric(_ metric: JSONNode) -> [String] {
        let name = word(metric["name"]?.string ?? "")
        let unit = metric["unit"]?.string.map { " \($0)" } ?? ""
        let kinds = ["gauge", "sum", "histogram", "exponentialHistogram", "summary"]
        let points = kinds.compactMap { metric[$0]?["dataPoints"]?.array }.first ?? []
        return points.map { point in
            let series = "\(name){\(attributes(point).joined(separator: ","))}"
            return "\(ConsoleTime.text(nanoseconds(point["timeUnixNano"]))) METRIC \(series) \(number(point))\(unit)"
        }
    }

    private static func number(_ point: JSONNode) -> String {
        if let value = point["asInt"] ?? point["asDouble"] { return scalar(value) }
        return ["count", "sum", "min", "max"].compactMap { key in point[key].map { "\(key)=\(scalar($0))" } }
            .joined(separator: " ")
    }

    private static func ids(_ node: JSONNode) -> [String] {
        [("traceId", "trace_id"), ("spanId", "span_id")].compactMap { key, name in
            node[key]?.string.map { "\(name)=\($0)" }
        }
    }

    private static func attributes(_ node: JSONNode) -> [String] {
        (node["attributes"]?.array ?? []).map { "\(word($0["key"]?.string ?? ""))=\($0["value"].map(value) ?? "")" }
    }

    /// An AnyValue.
    private static func value(_ node: JSONNode) -> String {
        if let elements = node["arrayValue"]?["values"]?.array {
            return "[\(elements.map(value).joined(separator: ","))]"
        }
        let keys = ["stringValue", "intValue", "doubleValue", "boolValue"]
        return keys.compactMap { node[$0] }.first.map(scalar) ?? ""
    }

    private static func scalar(_ node: JSONNode) -> String {
        node.string.map(word) ?? node.number?.text ?? node.bool.map { "\($0)" } ?? ""
    }

    /// Text that could be mistaken for something else, or confuse a terminal, as a JSON string.
    private static func word(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"=,{}[]()\\".utf8.contains($0) }
        if isPlain, !text.isEmpty { return text }
        var writer = JSONWriter()
        writer.string(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func nanoseconds(_ node: JSONNode?) -> UInt64 {
        node?.string.flatMap(UInt64.init) ?? 0
    }

    static func padded(_ number: some BinaryInteger, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
