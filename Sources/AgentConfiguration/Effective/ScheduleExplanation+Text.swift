// SPDX-License-Identifier: Apache-2.0

extension ScheduleExplanation {
    /// The explanation as lines of at most `width` columns, the titles in a column of their own.
    package func text(width: Int = 80) -> String {
        let margin = sections.map(\.title.count).max().map { $0 + 2 } ?? 0
        var lines = ["\(backend.name)  \(backend.shownURL)", ""]
        for section in sections {
            var title = section.title
            for sentence in section.lines {
                for (index, part) in Self.wrapped(sentence, width: width - margin - 2).enumerated() {
                    let column = title + String(repeating: " ", count: margin - title.count)
                    lines.append(column + (index == 0 ? part : "  \(part)"))
                    title = ""
                }
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func wrapped(_ sentence: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in sentence.split(separator: " ") {
            if !line.isEmpty, line.count + word.count + 1 > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        return lines + [line]
    }
}
