// SPDX-License-Identifier: Apache-2.0

/// Facts on as few lines as the width allows, with ` · ` between those on one line.
package enum Wrapping {
    /// - Parameters:
    ///   - width: nil: everything on one line.
    ///   - indent: how many blanks the lines after the first one begin with.
    package static func lines(_ facts: [Cell], width: Int?, indent: Int = 2, _ palette: Palette) -> [String] {
        guard let width else { return [facts.map { palette.paint($0.text, $0.tone) }.joined(separator: " · ")] }
        var lines: [(text: String, cells: Int)] = []
        for fact in facts {
            let room = width - (lines.count > 1 ? indent : 0)
            if let last = lines.last, last.cells + 3 + fact.text.cells <= room {
                lines[lines.count - 1].text += " · " + palette.paint(fact.text, fact.tone)
                lines[lines.count - 1].cells += 3 + fact.text.cells
            } else {
                let text = fact.text.cut(to: lines.isEmpty ? width : width - indent)
                lines.append((palette.paint(text, fact.tone), text.cells))
            }
        }
        return lines.enumerated().map { ($0 == 0 ? "" : String(repeating: " ", count: indent)) + $1.text }
    }
}
