// SPDX-License-Identifier: Apache-2.0

/// How a meter aggregates what its instruments record.
public struct MeterOptions: Sendable, Hashable {
    /// Which metrics tell what was recorded since the last collection.
    public var temporality: TemporalityPreference
    /// What histograms count in.
    public var histogramAggregation: HistogramAggregation
    /// Which recorded values are kept as examples.
    public var exemplarFilter: ExemplarFilter

    /// Options; the defaults are those of OpenTelemetry.
    public init(
        temporality: TemporalityPreference = .cumulative,
        histogramAggregation: HistogramAggregation = .explicitBuckets,
        exemplarFilter: ExemplarFilter = .traceBased
    ) {
        self.temporality = temporality
        self.histogramAggregation = histogramAggregation
        self.exemplarFilter = exemplarFilter
    }
}
