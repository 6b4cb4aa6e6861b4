// SPDX-License-Identifier: Apache-2.0

/// What kind of telemetry is exported.
public enum Signal: String, Sendable, Hashable, CaseIterable {
    /// Spans.
    case traces
    /// Metric points.
    case metrics
    /// Log records.
    case logs

    /// The path below a collector's base URL (OTLP specification, "OTLP/HTTP Request").
    public var path: String {
        "v1/\(rawValue)"
    }

    /// The member of a reply's `partialSuccess` that counts what was refused.
    var rejectedKey: String {
        switch self {
        case .traces: "rejectedSpans"
        case .metrics: "rejectedDataPoints"
        case .logs: "rejectedLogRecords"
        }
    }

    var index: Int {
        switch self {
        case .traces: 0
        case .metrics: 1
        case .logs: 2
        }
    }
}
