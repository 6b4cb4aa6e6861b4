// SPDX-License-Identifier: Apache-2.0

internal import CoreMetrics

final class FloatingPointCounterBridge: FloatingPointCounterHandler, BridgeHandler {
    let use: SeriesUse
    private let cell: NumberCell

    init(_ use: SeriesUse, _ cell: NumberCell) {
        self.use = use
        self.cell = cell
    }

    /// A counter never goes back: a negative amount is ignored.
    func increment(by amount: Double) {
        if amount > 0 { cell.add(amount) }
    }

    /// Totals of OpenTelemetry count from the start of the process; there is no going back to zero.
    func reset() {}
}
