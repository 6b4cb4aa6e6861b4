// SPDX-License-Identifier: Apache-2.0

package import ControlAPI
import Foundation

/// The line of one event in `tail`.
package struct EventLine: Sendable {
    /// The width of the column of backends; longer names are cut.
    package var backendWidth: Int
    /// The width of the line; nil: everything is shown.
    package var width: Int?
    package var palette: Palette

    /// Fits the column of backends to their names.
    package init(backends: [String], width: Int?, _ palette: Palette) {
        let longest = backends.map(\.printable.cells).max() ?? 0
        // On 80 columns the rest of a keepalive's line needs 67.
        backendWidth = width.map { min(longest, max(12, $0 / 6)) } ?? longest
        self.width = width
        self.palette = palette
    }

    /// The line without its newline.
    package func text(_ event: AgentEvent) -> String {
        let name = (event.backend ?? "").printable
        // A backend that a reload added may have a longer name: it is shown whole where lines have no end.
        let backend = width == nil ? name.padded(to: backendWidth) : name.cut(to: backendWidth).padded(to: backendWidth)
        let (result, tone) = result(of: event)
        var pieces: [(text: String, tone: Tone)] = [
            (ShortTime.ofDay(event.time), .faint), (kindText(event).padded(to: 9), self.tone(event)), (backend, .plain),
            (result.padded(to: 12), tone),
        ]
        if event.kind == .keepalive {
            pieces.append(((event.latencyMilliseconds.map(ShortTime.latency) ?? "").padded(from: 7), .plain))
        }
        pieces.append((details(of: event), .faint))
        // No blanks at the end of a line.
        while let last = pieces.last, last.text.allSatisfy({ $0 == " " }) { pieces.removeLast() }
        pieces[pieces.count - 1].text = String(pieces[pieces.count - 1].text.reversed().drop { $0 == " " }.reversed())
        var room = width ?? .max
        var line = ""
        for (index, piece) in pieces.enumerated() where room > 0 {
            let gap = index == 0 ? "" : "  "
            let text = (gap + piece.text).cut(to: room)
            room -= text.cells
            line += palette.paint(text, piece.tone)
        }
        return line
    }

    /// A keepalive is regular; the others are changes, and stand out without colors, too.
    private func kindText(_ event: AgentEvent) -> String {
        switch event.kind {
        case .keepalive, .enabled, .released, .reset: event.kind.rawValue
        case .lost, .disabled: event.kind.rawValue.uppercased()
        }
    }

    private func tone(_ event: AgentEvent) -> Tone {
        switch event.kind {
        case .keepalive: .plain
        case .enabled: .good
        case .lost, .disabled: .bad
        case .released, .reset: .warning
        }
    }

    private func result(of event: AgentEvent) -> (text: String, tone: Tone) {
        switch (event.kind, event.reason?.printable) {
        case (.keepalive, nil): ("ok", .good)
        case (.keepalive, let reason?): (reason, .bad)
        case (.reset, _): ("events may be missing before this line", .warning)
        case (_, let reason): (reason ?? "", .plain)
        }
    }

    private func details(of event: AgentEvent) -> String {
        var words: [String] = []
        if let method = event.method { words.append(method) }
        if let idle = event.idleSeconds { words.append("idle \(ShortTime.span(idle))") }
        if let key = event.key { words.append("key \(key)") }
        if let session = event.session { words.append("#\(session)") }
        return words.joined(separator: "  ").printable
    }
}
