// SPDX-License-Identifier: Apache-2.0

package import ControlAPI
package import Foundation

/// The table of backends that `status` and `backends list` show.
package enum BackendTable {
    private static let columns = [
        Column("BACKEND", importance: 9, minimum: 12),
        Column("URL", importance: 2, minimum: 28),
        Column("METHOD", importance: 5, minimum: 8),
        Column("STATE", importance: 9),
        Column("SESSIONS", .right, importance: 8),
        Column("OK/ATTEMPTS", .right, importance: 7),
        Column("P95", .left, importance: 6),
        Column("LAST OK", importance: 4),
        Column("INTERVAL", importance: 3),
        Column("TTL", importance: 1),
        Column("NEXT", importance: 9),
        Column("", importance: 8, minimum: 10),
    ]

    /// - Parameters:
    ///   - width: nil: everything is shown whole.
    ///   - now: what times are told from: the agent's clock, where it is known.
    package static func lines(_ backends: [BackendView], now: Date, width: Int?, _ palette: Palette) -> [String] {
        if backends.isEmpty { return ["no backends are configured"] }
        let rows = backends.map { backend in
            [
                Cell(backend.name), Cell(backend.url, .faint), Cell(backend.method), backend.stateCell,
                backend.sessionsCell,
                backend.state == .off && backend.attempts == 0
                    ? .none : Cell("\(backend.successes)/\(backend.attempts)"),
                backend.latencyCell, backend.lastSuccessCell(now), backend.intervalCell,
                backend.ttlSeconds.map { Cell(ShortTime.span($0)) } ?? .none,
                backend.nextCell(now),
                backend.remark.map { Cell("(\($0))", backend.state == .off ? .faint : .warning) } ?? "",
            ]
        }
        return TextTable(columns, rows: rows).lines(width: width, palette)
    }
}
