// SPDX-License-Identifier: Apache-2.0

public import Telemetry

extension OTLPEnvironment {
    /// How metrics are read and aggregated.
    public struct Metrics: Sendable, Hashable {
        /// `OTEL_METRIC_EXPORT_INTERVAL`: the time between two exports.
        public private(set) var interval: Duration?
        /// `OTEL_METRIC_EXPORT_TIMEOUT`: how long an export may take, repeated attempts included.
        public private(set) var exportTimeout: Duration?
        /// `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`: totals or differences.
        public private(set) var temporality: TemporalityPreference?
        /// `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`: the form of histograms.
        public private(set) var histogramAggregation: HistogramAggregation?
        /// `OTEL_METRICS_EXEMPLAR_FILTER`: which measurements may become exemplars.
        public private(set) var exemplarFilter: ExemplarFilter?

        init() {}

        init(with reader: inout EnvironmentReader) {
            interval = reader.milliseconds("OTEL_METRIC_EXPORT_INTERVAL", from: 1)
            exportTimeout = reader.timeout("OTEL_METRIC_EXPORT_TIMEOUT")
            let prefix = "OTEL_EXPORTER_OTLP_METRICS"
            temporality = reader.choice("\(prefix)_TEMPORALITY_PREFERENCE", of: TemporalityPreference.self)
            histogramAggregation = reader.choice(
                "\(prefix)_DEFAULT_HISTOGRAM_AGGREGATION",
                of: HistogramAggregation.self
            )
            exemplarFilter = reader.choice("OTEL_METRICS_EXEMPLAR_FILTER", of: ExemplarFilter.self)
        }

        /// What a meter is made with.
        public var meterOptions: MeterOptions {
            var options = MeterOptions()
            if let temporality { options.temporality = temporality }
            if let histogramAggregation { options.histogramAggregation = histogramAggregation }
            if let exemplarFilter { options.exemplarFilter = exemplarFilter }
            return options
        }
    }
}
