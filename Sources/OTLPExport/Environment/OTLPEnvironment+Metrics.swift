// SPDX-License-Identifier: Apache-2.0

extension OTLPEnvironment {
    /// `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`.
    public enum TemporalityPreference: String, Sendable, Hashable, CaseIterable {
        /// Totals since the start.
        case cumulative
        /// Differences, except for up-down counters.
        case delta
        /// Differences of synchronous counters and histograms.
        case lowmemory
    }

    /// `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`.
    public enum HistogramAggregation: String, Sendable, Hashable, CaseIterable {
        /// Buckets with configured bounds.
        case explicitBucket = "explicit_bucket_histogram"
        /// Buckets whose bounds are powers of two.
        case base2ExponentialBucket = "base2_exponential_bucket_histogram"
    }

    /// `OTEL_METRICS_EXEMPLAR_FILTER`: which measurements may become exemplars.
    public enum ExemplarFilter: String, Sendable, Hashable, CaseIterable {
        /// Those made in a sampled trace.
        case traceBased = "trace_based"
        /// All.
        case alwaysOn = "always_on"
        /// None.
        case alwaysOff = "always_off"
    }

    /// How metrics are read and aggregated.
    public struct Metrics: Sendable, Hashable {
        /// `OTEL_METRIC_EXPORT_INTERVAL`: the time between two exports.
        public private(set) var interval: Duration?
        /// `OTEL_METRIC_EXPORT_TIMEOUT`: how long an export may take, repeated attempts included.
        public private(set) var exportTimeout: Duration?
        /// Totals or differences.
        public private(set) var temporality: TemporalityPreference?
        /// The form of histograms for which nothing else is said.
        public private(set) var histogramAggregation: HistogramAggregation?
        /// Which measurements may become exemplars.
        public private(set) var exemplarFilter: ExemplarFilter?

        init() {}

        init(with reader: inout EnvironmentReader) {
            interval = reader.milliseconds("OTEL_METRIC_EXPORT_INTERVAL", from: 1)
            exportTimeout = reader.timeout("OTEL_METRIC_EXPORT_TIMEOUT")
            temporality = reader.choice(Self.temporalityName, of: TemporalityPreference.self)
            histogramAggregation = reader.choice(Self.aggregationName, of: HistogramAggregation.self)
            exemplarFilter = reader.choice(Self.exemplarName, of: ExemplarFilter.self)
            warnOfWhatHasNoEffect(with: &reader)
        }

        private static let temporalityName = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"
        private static let aggregationName = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION"
        private static let exemplarName = "OTEL_METRICS_EXEMPLAR_FILTER"

        /// What is understood but not there yet: each line goes when its feature comes.
        private func warnOfWhatHasNoEffect(with reader: inout EnvironmentReader) {
            if let temporality, temporality != .cumulative {
                reader.warn(Self.temporalityName, "'\(temporality.rawValue)' has no effect yet: metrics are cumulative")
            }
            if histogramAggregation == .base2ExponentialBucket {
                reader.warn(Self.aggregationName, "it has no effect yet: histograms have explicit buckets")
            }
            if exemplarFilter == .alwaysOn {
                reader.warn(Self.exemplarName, "'always_on' has no effect yet: there are no exemplars")
            }
        }
    }
}
