// SPDX-License-Identifier: Apache-2.0

package import ControlAPI
package import Foundation

/// The table of sessions that `sessions list` shows.
package enum SessionTable {
    private static let columns = [
        Column("BACKEND", importance: 9, minimum: 12),
        Column("KEY", importance: 8, minimum: 12),
        Column("SESSION", importance: 4, minimum: 8),
        Column("SOURCE", importance: 5),
        Column("STATE", importance: 9),
        Column("NEXT", importance: 7),
        Column("LEASE", importance: 6),
        Column("LAST OK", importance: 3),
        Column("LAST USED", importance: 2),
        Column("PROTOCOL", importance: 1),
    ]

    /// - Parameter width: nil: everything is shown whole.
    package static func lines(_ sessions: [SessionView], now: Date, width: Int?, _ palette: Palette) -> [String] {
        if sessions.isEmpty { return ["no sessions"] }
        let rows = sessions.map { session in
            [
                Cell(session.backend), session.key.map { Cell($0) } ?? .none,
                session.session.map { Cell($0, .faint) } ?? .none, Cell(session.source.rawValue), session.stateCell,
                session.nextKeepalive.map { Cell(ShortTime.until($0, from: now)) } ?? .none,
                session.leaseExpiresAt.map { Cell(lease($0, now)) } ?? .none,
                session.lastSuccess.map { Cell(ShortTime.since($0, to: now)) } ?? .none,
                Cell(ShortTime.since(session.lastActivity, to: now)),
                session.protocolVersion.map { Cell($0) } ?? .none,
            ]
        }
        return TextTable(columns, rows: rows).lines(width: width, palette)
    }

    /// `ends in 4m`
    static func lease(_ end: Date, _ now: Date) -> String {
        end.timeIntervalSince(now) < 0.5 ? "ended" : "ends \(ShortTime.until(end, from: now))"
    }
}
