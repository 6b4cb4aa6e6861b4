// SPDX-License-Identifier: Apache-2.0

/// A commented configuration file to start from, made of the table of keys.
package enum SampleConfiguration {
    /// The widest line, unless a key and its value are wider: that of a terminal.
    private static let width = 80

    /// What is written beside what is required, and with which value: the least with which the agent does something.
    private static let written = ["version": "1", "own_sessions": "1"]

    /// The only backend.
    private static let backend = "example"

    /// The text of the file; it can be used as it is.
    package static let text: String = {
        var lines = [
            "# A configuration of mcp-keepalive. Check it with: mcp-keepalive check FILE",
            "# A key behind a '#' without a blank shows its default, or an example.",
        ]
        for field in ConfigurationField.file { append(field, depth: 0, to: &lines) }
        return lines.joined(separator: "\n")
    }()

    private static func append(_ field: ConfigurationField, depth: Int, to lines: inout [String]) {
        let margin = String(repeating: " ", count: depth * 2)
        if depth == 0 { lines.append("") }
        let state = field.isRequired ? " Required." : field.defaultValue == nil ? unset(field) : ""
        lines += wrapped(field.sentence + state, after: "\(margin)# ")
        if case .named = field.kind {
            lines.append("\(margin)\(field.name):")
            lines.append("\(margin)  \(backend):")
            lines += wrapped(
                "Beside what is listed here, a backend can have each of the keys of defaults.",
                after: "\(margin)    # "
            )
            for field in ConfigurationField.backendOnly { append(field, depth: depth + 2, to: &lines) }
        } else if depth == 0, !field.fields.isEmpty {
            lines.append("\(margin)\(field.name):")
            for field in field.fields { append(field, depth: depth + 1, to: &lines) }
        } else {
            let sample = field.defaultValue.flatMap { isWorthShowing($0) ? $0 : nil } ?? field.example
            let value = written[field.name] ?? (field.isRequired ? sample : nil)
            lines.append(margin + (value.map { "\(field.name): \($0)" } ?? "#\(field.name): \(sample)"))
        }
    }

    /// A default that shows what a value looks like.
    private static func isWorthShowing(_ value: String) -> Bool {
        value != "none" && value != "{}"
    }

    private static func unset(_ field: ConfigurationField) -> String {
        field.unset.isEmpty || field.unset == "none" || !field.fields.isEmpty ? "" : " Default: \(field.unsetInWords)."
    }

    /// The words in lines of at most `width` columns, each of them after `mark`.
    private static func wrapped(_ text: String, after mark: String) -> [String] {
        var lines: [String] = []
        var line = mark
        for word in text.split(separator: " ") {
            if line.count > mark.count, line.count + word.count + 1 > width {
                lines.append(line)
                line = mark
            }
            line += line.count > mark.count ? " \(word)" : word
        }
        return lines + [line]
    }
}
