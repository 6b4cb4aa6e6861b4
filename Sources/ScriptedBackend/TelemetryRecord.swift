// SPDX-License-Identifier: Apache-2.0

/// What a recording collector has received so far.
package struct TelemetryRecord: Sendable {
    /// One export request as it came, after inflating.
    package struct Payload: Sendable {
        /// `/v1/metrics`, `/v1/traces` or `/v1/logs`.
        package let path: String
        /// Header values by lower-case name.
        package let headers: [String: String]
        package let body: [UInt8]
    }

    /// The latest value of each series.
    package internal(set) var metrics: [RecordedMetric.Key: RecordedMetric] = [:]
    /// In order of arrival.
    package internal(set) var spans: [RecordedSpan] = []
    /// In order of arrival.
    package internal(set) var logs: [RecordedLog] = []
    /// Every accepted request, in order of arrival.
    package internal(set) var payloads: [Payload] = []
    /// Requests that were not OTLP/HTTP JSON, each with what was wrong.
    package internal(set) var refused: [String] = []

    /// The sum over the series of a metric that have these attributes: values of a counter or gauge, counts of a
    /// histogram.
    package func total(of metric: String, where attributes: [String: String] = [:]) -> Double {
        metrics.values.filter { series in
            series.name == metric && attributes.allSatisfy { series.attributes[$0.key] == $0.value }
        }
        .reduce(0) { $0 + $1.number }
    }

    /// The same in short.
    package var summary: TelemetrySummary { TelemetrySummary(of: self) }
}
