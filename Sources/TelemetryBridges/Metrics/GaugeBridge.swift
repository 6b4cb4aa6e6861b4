// SPDX-License-Identifier: Apache-2.0

internal import CoreMetrics

/// A meter, or a recorder that does not aggregate.
final class GaugeBridge: MeterHandler, RecorderHandler, BridgeHandler {
    let use: SeriesUse
    private let cell: NumberCell

    init(_ use: SeriesUse, _ cell: NumberCell) {
        self.use = use
        self.cell = cell
    }

    func set(_ value: Int64) { cell.set(Double(value)) }
    func set(_ value: Double) { cell.set(value) }
    func increment(by amount: Double) { cell.add(amount) }
    func decrement(by amount: Double) { cell.add(-amount) }
    func record(_ value: Int64) { cell.set(Double(value)) }
    func record(_ value: Double) { cell.set(value) }
}
