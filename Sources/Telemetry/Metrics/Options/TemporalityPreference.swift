// SPDX-License-Identifier: Apache-2.0

/// Which metrics tell what was recorded since the last collection instead of since the start; the raw values are those of
/// `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`. Up-down counters are always cumulative.
public enum TemporalityPreference: String, Sendable, Hashable, CaseIterable {
    /// None: what Prometheus and most receivers expect.
    case cumulative
    /// Counters and histograms.
    case delta
    /// Counters and histograms, but not counters that are observed: for these the totals are what is at hand.
    case lowMemory = "lowmemory"

    /// What the points of counters and histograms cover.
    var recorded: AggregationTemporality {
        self == .cumulative ? .cumulative : .delta
    }

    /// What the points of observed counters cover.
    var observed: AggregationTemporality {
        self == .delta ? .delta : .cumulative
    }
}
