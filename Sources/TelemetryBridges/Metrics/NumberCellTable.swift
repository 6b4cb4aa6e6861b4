// SPDX-License-Identifier: Apache-2.0

internal import Locking
internal import Telemetry

/// The cells of one metric by their attributes, bounded in number; read whenever the metrics are collected.
final class NumberCellTable: Sendable {
    private let cells = Locked<[AttributeSet: NumberCell]>([:])
    private let limit: Int

    /// A table of at most `limit` cells, the overflow cell included.
    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// The cell with these attributes, or the one for all that there is no room for (Metrics SDK, "Cardinality limits").
    func cell(for attributes: AttributeSet) -> NumberCell {
        cells.withLock { [limit] cells in
            if let known = cells[attributes] { return known }
            let room = limit - (cells[.overflow] == nil ? 1 : 0)
            let attributes = cells.count < room ? attributes : .overflow
            if let overflow = cells[attributes] { return overflow }
            let new = NumberCell(attributes)
            cells[attributes] = new
            return new
        }
    }

    /// Forgets a cell.
    func remove(_ attributes: AttributeSet) {
        cells.withLock { $0[attributes] = nil }
    }

    /// Tells the numbers, in an order that does not change from one collection to the next.
    func observe(into observations: inout Observations) {
        let cells = cells.withLock { Array($0.values) }
        let ordered = cells.map { (key: $0.attributes.attributes.map { "\($0.key)=\($0.value.text)" }, cell: $0) }
        for (_, cell) in ordered.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            observations.observe(double: cell.value, for: cell.attributes)
        }
    }
}
