// SPDX-License-Identifier: Apache-2.0

/// A table that is laid out for a width.
package struct TextTable: Sendable {
    package var columns: [Column]
    /// As many cells in each as there are columns.
    package var rows: [[Cell]]
    /// The row that is shown in reverse over the whole width.
    package var selected: Int?

    private static let gap = "  "

    package init(_ columns: [Column], rows: [[Cell]] = []) {
        self.columns = columns
        self.rows = rows
    }

    /// The titles and the rows, a line each, none wider than `width` cells.
    ///
    /// - Parameter width: nil: everything is shown whole.
    package func lines(width: Int?, _ palette: Palette) -> [String] {
        let layout = layout(width)
        let titles = columns.map { Cell($0.title, .heading) }
        return [line(titles, layout, width, palette, isSelected: false)]
            + rows.enumerated().map { line($1, layout, width, palette, isSelected: $0 == selected) }
    }

    /// The columns that are shown, by their index, and how wide each is.
    private func layout(_ width: Int?) -> [(column: Int, width: Int)] {
        var natural = columns.map(\.title.cells)
        // A column in which nothing has anything to say needs no room, unless it is one that always stays.
        var shown = columns.indices.filter { column in
            columns[column].importance == 9 || rows.contains { $0[column] != .none && !$0[column].text.isEmpty }
        }
        for row in rows {
            for (column, cell) in row.enumerated() { natural[column] = max(natural[column], cell.text.cells) }
        }
        guard let width else { return shown.map { ($0, natural[$0]) } }
        let gaps = { (count: Int) in max(0, count - 1) * Self.gap.count }
        while true {
            let least = shown.map { column in min(natural[column], columns[column].minimum ?? natural[column]) }
            let over = least.reduce(gaps(shown.count), +) - width
            let last = shown.min { columns[$0].importance < columns[$1].importance }
            if over > 0, let last, columns[last].importance < 9 {
                // Of equals the one that is furthest to the right.
                let importance = columns[last].importance
                if let gone = shown.lastIndex(where: { columns[$0].importance == importance }) {
                    shown.remove(at: gone)
                }
                continue
            }
            return fit(shown, natural, room: width - gaps(shown.count))
        }
    }

    /// Takes the cells that are too many from the widest of the columns that may be cut.
    private func fit(_ shown: [Int], _ natural: [Int], room: Int) -> [(column: Int, width: Int)] {
        var widths = shown.map { natural[$0] }
        var over = widths.reduce(0, +) - room
        while over > 0 {
            let candidates = shown.indices.filter { index in
                columns[shown[index]].minimum.map { widths[index] > max(1, $0) } ?? false
            }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            over -= 1
        }
        return zip(shown, widths).map { ($0, $1) }
    }

    private func line(
        _ cells: [Cell],
        _ layout: [(column: Int, width: Int)],
        _ width: Int?,
        _ palette: Palette,
        isSelected: Bool
    ) -> String {
        var pieces: [(text: String, tone: Tone)] = []
        for (number, place) in layout.enumerated() {
            let cell = cells[place.column]
            let text = cell.text.cut(to: place.width)
            let isLast = number == layout.count - 1
            switch columns[place.column].alignment {
            case .right: pieces.append((text.padded(from: place.width), cell.tone))
            case .left where isLast: pieces.append((text, cell.tone))
            case .left: pieces.append((text.padded(to: place.width), cell.tone))
            }
        }
        let plain = pieces.map(\.text).joined(separator: Self.gap)
        let isTooWide = width.map { plain.cells > $0 } ?? false
        if isSelected || isTooWide {
            let text = width.map { plain.cut(to: $0).padded(to: isSelected && palette.isColored ? $0 : 0) } ?? plain
            return isSelected ? palette.paint(text, .selected) : text
        }
        // No blanks at the end of a line.
        while let last = pieces.last, last.text.last == " " || last.text.isEmpty {
            pieces.removeLast()
            let text = last.text.reversed().drop { $0 == " " }.reversed()
            if !text.isEmpty { pieces.append((String(text), last.tone)) }
        }
        return pieces.map { palette.paint($0.text, $0.tone) }.joined(separator: Self.gap)
    }
}
