// SPDX-License-Identifier: Apache-2.0

extension SensitiveText {
    /// The places that probably hold secrets, judged by lines alone: for a file that cannot be parsed.
    ///
    /// From the first `headers` (or the like) on, the values of all lines are hidden until a line is indented no deeper
    /// than it, provided that no bracket or quote was left open; so is what looks like a credential anywhere.
    static func likelyRanges(in source: SourceText) -> [Range<SourcePosition>] {
        var ranges: [Range<SourcePosition>] = []
        var region: (indentation: Int, brackets: Int, hasOpenQuote: Bool)?
        for number in 1...source.lineCount {
            let line = source.line(number)
            let scalars = Array(line.unicodeScalars)
            let indentation = scalars.prefix { $0 == " " || $0 == "\t" || $0 == "-" }.count
            let isBlank = indentation == scalars.count
            // How deep a tab indents is anyone's guess.
            let hasTab = scalars.prefix(indentation).contains("\t")
            if let open = region, !isBlank, !hasTab, indentation <= open.indentation, open.brackets <= 0,
                !open.hasOpenQuote
            {
                region = nil
            }
            let startsRegion = mentionsSecrets(String(line))
            if startsRegion, region == nil { region = (indentation, 0, false) }
            guard var open = region else { continue }
            open.brackets += scalars.count { "[{".unicodeScalars.contains($0) }
            open.brackets -= scalars.count { "]}".unicodeScalars.contains($0) }
            let quotes = max(scalars.count { $0 == "\"" } % 2, scalars.count { $0 == "'" } % 2)
            open.hasOpenQuote = open.hasOpenQuote || quotes == 1
            region = open
            // What comes before the first colon is a key; a line without one is all value.
            let key = scalars.dropFirst(indentation).prefix { $0 != ":" }
            let hasKey = indentation + key.count < scalars.count && !key.contains { $0 == " " || $0 == "\t" }
            var start = hasKey ? indentation + key.count + 1 : indentation
            while start < scalars.count, scalars[start] == " " { start += 1 }
            guard start < scalars.count else { continue }
            ranges.append(
                SourcePosition(
                    line: number,
                    column: start + 1
                )..<SourcePosition(line: number, column: scalars.count + 1)
            )
        }
        return ranges
    }

    private static func mentionsSecrets(_ line: String) -> Bool {
        let text = line.lowercased()
        let words = text.split { !$0.isLetter && $0 != "_" && $0 != "-" }.map(String.init)
        return looksSensitive(text) || text.contains("bearer ") || text.contains("basic ")
            || words.contains { word in
                // As a key the word may be misspelled, and what follows it is a value.
                let entry = YAMLEntry(
                    key: word,
                    position: .start,
                    value: YAMLNode(content: .scalar(YAMLScalar(text: "", isPlain: true)), position: .start)
                )
                return isSensitive(entry)
            }
    }
}
