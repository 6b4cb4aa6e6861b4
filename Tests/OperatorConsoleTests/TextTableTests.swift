// SPDX-License-Identifier: Apache-2.0

import OperatorConsole
import Testing

@Suite struct TextTableTests {
    private static let table = TextTable(
        [
            Column("NAME", importance: 9, minimum: 6), Column("COUNT", .right, importance: 8),
            Column("EXTRA", importance: 1), Column("STATE", importance: 9),
        ],
        rows: [
            [Cell("a-long-name"), Cell("7"), Cell("something"), Cell("active", .good)],
            [Cell("b"), Cell("12345678"), "", Cell("off")],
        ]
    )

    @Test func `without a width everything is shown whole`() {
        #expect(
            Self.table.lines(width: nil, Samples.plain) == [
                "NAME            COUNT  EXTRA      STATE",
                "a-long-name         7  something  active",
                "b            12345678             off",
            ]
        )
    }

    @Test func `the least important column goes first, and only then names are cut`() {
        #expect(
            Self.table.lines(width: 30, Samples.plain) == [
                "NAME            COUNT  STATE", "a-long-name         7  active", "b            12345678  off",
            ]
        )
        #expect(
            Self.table.lines(width: 25, Samples.plain) == [
                "NAME        COUNT  STATE", "a-long…         7  active", "b        12345678  off",
            ]
        )
    }

    @Test(arguments: 1...45)
    func `no line is wider than there is room`(width: Int) {
        for palette in [Samples.plain, Samples.colored] {
            let lines = Self.table.lines(width: width, palette)
            #expect(lines.count == 3)
            #expect(lines.allSatisfy { $0.withoutColors.cells <= width }, "\(lines)")
        }
    }

    @Test func `a column in which nothing has anything to say takes no room`() {
        var table = Self.table
        table.rows = [[Cell("a"), Cell("7"), "", Cell("off")]]
        #expect(table.lines(width: nil, Samples.plain) == ["NAME  COUNT  STATE", "a         7  off"])
    }

    @Test func `the selected row is in reverse over the whole width`() {
        var table = Self.table
        table.selected = 1
        let lines = table.lines(width: 40, Samples.colored)
        #expect(lines[2].hasPrefix("\u{1B}[7mb ") && lines[2].hasSuffix(" \u{1B}[0m"))
        #expect(lines[2].withoutColors.cells == 40)
        #expect(lines[1].hasSuffix("\u{1B}[32mactive\u{1B}[0m"))
    }
}
