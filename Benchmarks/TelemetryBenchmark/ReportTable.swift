// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One line of the result.
struct ReportRow {
    let title: String
    let value: String
    var aim = ""
    /// Whether the aim is reached; nil where there is none.
    var isReached: Bool?
}

/// The result as text.
struct ReportTable {
    let rows: [ReportRow]

    init(_ rows: [ReportRow]) {
        self.rows = rows
    }

    var text: String {
        let lines = rows.map { row in
            let verdict = row.isReached.map { $0 ? "reached" : "MISSED" } ?? ""
            return Self.line([row.title, row.value, row.aim, verdict])
        }
        return ([Self.line(["", "median", "aim", ""]), ""] + lines).joined(separator: "\n")
    }

    private static func line(_ cells: [String]) -> String {
        let title = cells[0].padding(toLength: max(52, cells[0].count), withPad: " ", startingAt: 0)
        let numbers = cells.dropFirst().map { String(repeating: " ", count: max(1, 16 - $0.count)) + $0 }
        return title + numbers.joined()
    }
}
