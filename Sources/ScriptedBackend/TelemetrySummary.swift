// SPDX-License-Identifier: Apache-2.0

/// What a collector has received, in short: for people, in a stable order.
package struct TelemetrySummary: Sendable, Equatable {
    /// The spans of one name.
    package struct Spans: Sendable, Equatable {
        package let name: String
        package let count: Int
        package let errors: Int
    }

    /// The log records of one event.
    package struct Logs: Sendable, Equatable {
        package let eventName: String
        package let count: Int
    }

    /// Every series with its latest value, by name, then by attributes.
    package let metrics: [RecordedMetric]
    /// By name.
    package let spans: [Spans]
    /// By event name; records that are no events are left out.
    package let logs: [Logs]

    init(of record: TelemetryRecord) {
        func order(_ metric: RecordedMetric) -> String {
            ([metric.name] + metric.attributes.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
                .joined(separator: "\u{0}")
        }
        metrics = record.metrics.values.sorted { order($0) < order($1) }
        spans = Dictionary(grouping: record.spans, by: \.name)
            .map { Spans(name: $0.key, count: $0.value.count, errors: $0.value.count(where: \.isError)) }
            .sorted { $0.name < $1.name }
        logs = Dictionary(grouping: record.logs.compactMap(\.eventName), by: \.self)
            .map { Logs(eventName: $0.key, count: $0.value.count) }
            .sorted { $0.eventName < $1.eventName }
    }

    /// The series of one metric; those at zero only on request, for most of them never leave it.
    package func series(of metric: String, includingZeros: Bool = false) -> [RecordedMetric] {
        metrics.filter { $0.name == metric && (includingZeros || $0.number != 0) }
    }
}
