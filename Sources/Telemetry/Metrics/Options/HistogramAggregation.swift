// SPDX-License-Identifier: Apache-2.0

/// What a histogram counts in unless the instrument says; the raw values are those of
/// `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`.
public enum HistogramAggregation: String, Sendable, Hashable, CaseIterable {
    /// The instrument's own bounds.
    case explicitBuckets = "explicit_bucket_histogram"
    /// Buckets whose bounds grow by a constant factor that adapts to the values. Some receivers drop such metrics and
    /// answer with success all the same.
    case base2Exponential = "base2_exponential_bucket_histogram"
}
