// SPDX-License-Identifier: Apache-2.0

extension Diagnostic: CustomStringConvertible {
    /// The rendering without color.
    package var description: String { rendered() }

    /// The diagnostic as a person reads it, in the style of rustc; several lines without a final newline.
    ///
    /// ```
    /// error: unknown key 'compresion'
    ///  --> mcp-keepalive.yaml:5:3
    ///   |
    /// 5 |   compresion: gzip
    ///   |   ^ telemetry.compresion
    ///   = help: did you mean 'compression'?
    /// ```
    package func rendered(color: Bool = false) -> String {
        let style = color ? Style.colored : Style.plain
        let severityColor = severity == .error ? style.red : style.yellow
        var lines = [
            "\(style.bold)\(severityColor)\(severity.rawValue)\(style.reset)\(style.bold): \(message)\(style.reset)"
        ]
        guard let position else {
            lines.append(" \(style.blue)-->\(style.reset) \(shownFile)")
            return appendNotes(to: lines, gutter: " ", style: style)
        }
        let number = String(position.line)
        guard let excerpt else {
            lines.append(" \(style.blue)-->\(style.reset) \(shownFile):\(position.line):\(position.column)")
            if !keyPath.isEmpty { lines.append(" \(style.blue)=\(style.reset) key: \(keyPath)") }
            return appendNotes(to: lines, gutter: " ", style: style)
        }
        let margin = String(repeating: " ", count: number.utf8.count)
        let bar = "\(style.blue)|\(style.reset)"
        lines.append("\(margin)\(style.blue)-->\(style.reset) \(shownFile):\(position.line):\(position.column)")
        lines.append("\(margin) \(bar)")
        lines.append("\(style.blue)\(number)\(style.reset) \(bar)" + (excerpt.text.isEmpty ? "" : " \(excerpt.text)"))
        let label = keyPath.isEmpty ? "" : " \(keyPath)"
        lines.append("\(margin) \(bar) \(excerpt.indentation)\(severityColor)^\(label)\(style.reset)")
        return appendNotes(to: lines, gutter: margin + " ", style: style)
    }

    private func appendNotes(to lines: [String], gutter: String, style: Style) -> String {
        guard let help else { return lines.joined(separator: "\n") }
        return (lines + ["\(gutter)\(style.blue)=\(style.reset) \(style.bold)help\(style.reset): \(help)"])
            .joined(separator: "\n")
    }

    private var shownFile: String {
        var shown = ""
        for scalar in file.unicodeScalars { shown.unicodeScalars.append(DiagnosticText.printable(scalar)) }
        return shown
    }

    /// ECMA-48 sequences, or nothing.
    private struct Style {
        var bold = ""
        var red = ""
        var yellow = ""
        var blue = ""
        var reset = ""

        static let plain = Style()
        static let colored = Style(
            bold: "\u{1B}[1m",
            red: "\u{1B}[31m",
            yellow: "\u{1B}[33m",
            blue: "\u{1B}[34m",
            reset: "\u{1B}[0m"
        )
    }
}
