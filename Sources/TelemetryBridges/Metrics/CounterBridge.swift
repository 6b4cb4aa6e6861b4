// SPDX-License-Identifier: Apache-2.0

internal import CoreMetrics
internal import Telemetry

final class CounterBridge: CounterHandler, BridgeHandler {
    let use: SeriesUse
    private let series: CounterSeries

    init(_ use: SeriesUse, _ series: CounterSeries) {
        self.use = use
        self.series = series
    }

    /// A counter never goes back: a negative amount is ignored.
    func increment(by amount: Int64) {
        if amount > 0 { series.add(UInt64(amount)) }
    }

    /// Totals of OpenTelemetry count from the start of the process; there is no going back to zero.
    func reset() {}
}
