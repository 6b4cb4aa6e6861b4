// SPDX-License-Identifier: Apache-2.0

internal import CoreMetrics
internal import Telemetry

/// A recorder that aggregates, or a timer.
final class HistogramBridge: RecorderHandler, TimerHandler, BridgeHandler {
    let use: SeriesUse
    private let series: HistogramSeries

    init(_ use: SeriesUse, _ series: HistogramSeries) {
        self.use = use
        self.series = series
    }

    func record(_ value: Int64) { series.record(Double(value)) }
    func record(_ value: Double) { series.record(value) }

    /// In seconds; a duration below zero, from a clock that was set back, counts as none.
    func recordNanoseconds(_ duration: Int64) { series.record(Double(max(0, duration)) / 1e9) }
}
