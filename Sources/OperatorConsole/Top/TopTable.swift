// SPDX-License-Identifier: Apache-2.0

package import ControlAPI
package import Foundation

/// The table of backends that `top` shows.
package enum TopTable {
    private static let columns = [
        Column("BACKEND", importance: 9, minimum: 12),
        Column("STATE", importance: 9),
        Column("/MIN", .right, importance: 8),
        Column("OK", .right, importance: 8),
        Column("P95", .right, importance: 7),
        Column("SESS", .right, importance: 6),
        Column("NEXT", importance: 9),
        Column("REASON", importance: 8, minimum: 11),
        Column("METHOD", importance: 5, minimum: 14),
        Column("LAST OK", importance: 4),
        Column("EVERY", .right, importance: 3),
        Column("FAILURES", importance: 1, minimum: 16),
        Column("URL", importance: 2, minimum: 28),
    ]

    /// The titles and a line per backend, as they are given.
    ///
    /// - Parameter width: nil: everything is shown whole.
    package static func lines(
        _ backends: [BackendView],
        rates: AttemptRates,
        now: Date,
        selected: Int? = nil,
        width: Int?,
        _ palette: Palette
    ) -> [String] {
        let rows = backends.map { backend in
            [
                Cell(backend.name), backend.stateCell,
                rates.perMinute(backend.name).map { Cell(rate($0)) } ?? .none,
                backend.successRatio.map { ratio($0) } ?? .none,
                backend.latencyCell, backend.sessionsCell, backend.nextCell(now),
                backend.remark.map { Cell($0, backend.state == .off ? .faint : .warning) } ?? "",
                Cell(backend.method), backend.lastSuccessCell(now), backend.intervalCell,
                backend.failureText.map { Cell($0, .faint) } ?? .none, Cell(backend.url, .faint),
            ]
        }
        var table = TextTable(columns, rows: rows)
        table.selected = selected
        return table.lines(width: width, palette)
    }

    /// `0.2`, `12`
    static func rate(_ perMinute: Double) -> String {
        perMinute < 9.95 ? ShortTime.decimal(perMinute, 1) : "\(Int(min(perMinute, 1e12).rounded()))"
    }

    /// `98.7%` and `98.0%`, one below the other; only what is perfect is `100%`, only what never succeeds is `0%`.
    private static func ratio(_ ratio: Double) -> Cell {
        let tenths = ratio >= 1 ? 1000 : ratio <= 0 ? 0 : min(max(Int((ratio * 1000).rounded()), 1), 999)
        let text = tenths % 1000 == 0 ? "\(tenths / 10)%" : "\(tenths / 10).\(tenths % 10)%"
        return Cell(text, ratio >= 0.99 ? .plain : ratio >= 0.9 ? .warning : .bad)
    }
}
