// SPDX-License-Identifier: Apache-2.0

internal import CoreMetrics
internal import OTLPExport
internal import Telemetry
internal import Tracing

/// A recorder that aggregates, or a timer. What is recorded during a span may keep its ids as an exemplar.
final class HistogramBridge: RecorderHandler, TimerHandler, BridgeHandler {
    let use: SeriesUse
    private let series: HistogramSeries

    init(_ use: SeriesUse, _ series: HistogramSeries) {
        self.use = use
        self.series = series
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard let span = ServiceContext.current?.spanContext else { return series.record(value) }
        series.record(value, in: span, at: SystemTime.nanoseconds())
    }

    /// In seconds; a duration below zero, from a clock that was set back, counts as none.
    func recordNanoseconds(_ duration: Int64) { record(Double(max(0, duration)) / 1e9) }
}
