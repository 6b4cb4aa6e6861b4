// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation

extension TopScreen {
    /// The whole screen: exactly `height` lines, none wider than `width`. Scrolls so that the selection is on it.
    package mutating func lines(width: Int, height: Int, _ palette: Palette) -> [String] {
        let footer = footer(width, palette)
        var head = head(width, palette)
        guard let status else {
            let text = problem.map { Cell("! \($0)", .bad) } ?? Cell("asking the agent …", .faint)
            return Self.fill([palette.paint(text.text.cut(to: width), text.tone)], height, [footer])
        }
        if dialog == .help { return Self.fill(head + [""] + Self.help(width, palette), height, [footer]) }
        // On a low screen the table matters more.
        let hasDetails = height >= 16
        if height >= 12 { head.append("") }
        page = max(1, height - head.count - 1 - (hasDetails ? 3 : 0) - 1)
        let backends = backends
        let index = selected.flatMap { name in backends.firstIndex { $0.name == name } }
        if let index { top = min(max(top, index - page + 1), index) }
        top = max(0, min(top, backends.count - page))
        let table = TopTable.lines(
            backends,
            rates: rates,
            now: status.now,
            selected: index,
            width: width - 2,
            palette
        )
        var body = ["  " + table[0]]
        for (number, line) in table.dropFirst().enumerated().dropFirst(top).prefix(page) {
            body.append((number == index ? "▸ " : "  ") + line)
        }
        if backends.isEmpty { body = ["  no backends are configured".cut(to: width)] }
        var bottom = [footer]
        if hasDetails, let index { bottom = [""] + Self.details(backends[index], status, width, palette) + bottom }
        body += changes(height - head.count - body.count - bottom.count, width, palette)
        return Self.fill(head + body, height, bottom)
    }

    /// What a terminal without a person gets: the header and the whole table.
    package func plainLines(_ palette: Palette) -> [String] {
        guard let status else { return [] }
        return head(nil, palette)
            + TopTable.lines(backends, rates: rates, now: status.now, width: nil, palette)
    }

    // MARK: Parts

    /// The latest changes, the newest first, in at most `room` lines; none where there is no room for a few.
    private func changes(_ room: Int, _ width: Int, _ palette: Palette) -> [String] {
        guard let events, room >= 4 else { return [] }
        let line = EventLine(backends: events.compactMap(\.backend), width: max(0, width - 2), palette)
        let lines = events.reversed().prefix(room - 2).map { "  \(line.text($0))" }
        let title = palette.paint("  CHANGES".cut(to: width), .heading)
        let none = palette.paint("  none since this began".cut(to: width), .faint)
        return ["", title] + (lines.isEmpty ? [none] : lines)
    }

    private func head(_ width: Int?, _ palette: Palette) -> [String] {
        guard let status else { return [] }
        var facts = [
            Cell("mcp-keepalive \(status.version)", .heading),
            Cell("up \(ShortTime.span(status.now.timeIntervalSince(status.startedAt)))"),
            StatusText.telemetry(status), StatusText.storage(status) ?? Cell("state off", .faint),
        ]
        if let webhook = StatusText.webhook(status) { facts.append(webhook) }
        if status.configuration.problem != nil { facts.append(Cell("config RELOAD REJECTED", .warning)) }
        var lines = Wrapping.lines(facts, width: width, palette)
        lines += Wrapping.lines(counts(status), width: width, palette)
        if let problem {
            let text = "! no answer, this is from \(ShortTime.ofDay(status.now)): \(problem)"
            lines.append(palette.paint(width.map(text.cut(to:)) ?? text, .bad))
        }
        return lines
    }

    /// `4 backends`, `2 active`, `1 disabled`, …
    private func counts(_ status: StatusView) -> [Cell] {
        let backends = status.backends
        var facts = [Cell("\(backends.count) backend\(backends.count == 1 ? "" : "s")")]
        let states: [(BackendView.State, String, Tone)] = [
            (.active, "active", .plain), (.disabled, "disabled", .bad), (.probing, "probing", .bad),
            (.heldByOperator, "held", .warning), (.paused, "paused", .warning), (.off, "off", .plain),
        ]
        for (state, word, tone) in states {
            let count = backends.count { $0.state == state }
            if count > 0 { facts.append(Cell("\(count) \(word)", tone)) }
        }
        let sessions = backends.reduce(0) { $0 + $1.sessions }
        facts.append(Cell("\(sessions) session\(sessions == 1 ? "" : "s")"))
        let perMinute = backends.compactMap { rates.perMinute($0.name) }
        if !perMinute.isEmpty { facts.append(Cell("\(TopTable.rate(perMinute.reduce(0, +)))/min")) }
        return facts
    }

    private func footer(_ width: Int, _ palette: Palette) -> String {
        if case .confirmDisable(let name) = dialog {
            // The question stays readable however long the name is.
            let question = ": disable its keepalive until somebody enables it? y/n"
            let text = name.printable.cut(to: max(8, width - question.cells)) + question
            return palette.paint(text.cut(to: width), .warning)
        }
        if dialog == .help { return palette.paint("any key goes back, q quits".cut(to: width), .faint) }
        if let message { return palette.paint(message.text.cut(to: width), message.tone) }
        var keys = ["q quit", "↑↓ select", "s sort: \(order.rawValue)", "p probe", "e enable", "d disable", "? help"]
        // On a narrow screen the help still says the rest.
        while keys.count > 2, keys.joined(separator: "  ").cells > width { keys.remove(at: keys.count - 2) }
        return palette.paint(keys.joined(separator: "  ").cut(to: width), .faint)
    }

    /// What the columns have no room for, on two lines.
    private static func details(_ backend: BackendView, _ status: StatusView, _ width: Int, _ palette: Palette)
        -> [String]
    {
        var facts = [Cell(backend.name, .heading), backend.stateCell]
        if let remark = backend.remark { facts.append(Cell(remark, .warning)) }
        if let since = backend.disabledSince {
            facts.append(Cell("for \(ShortTime.span(status.now.timeIntervalSince(since)))"))
        }
        facts.append(Cell("\(backend.method) every \(ShortTime.span(backend.intervalSeconds))"))
        if let success = backend.lastSuccess {
            facts.append(Cell("last ok \(ShortTime.since(success, to: status.now))"))
        }
        if let failures = backend.failureText { facts.append(Cell("failures: \(failures)")) }
        var line = Wrapping.lines(facts, width: width, palette)
        // The first line only: the facts are in the order of what matters.
        line.removeLast(line.count - 1)
        return line + [palette.paint(backend.url.printable.cut(to: width), .faint)]
    }

    private static func help(_ width: Int, _ palette: Palette) -> [String] {
        let keys = [
            ("↑ ↓ k j", "select a backend"), ("PgUp PgDn", "a page up or down"), ("g G", "the first, the last"),
            ("s", "sort by the next of: trouble, name, rate, latency, sessions"),
            ("p", "call the selected backend now"), ("e", "enable its keepalive"),
            ("d", "disable its keepalive, after a question"), ("q Ctrl-C", "quit"),
        ]
        let words = [
            "", "/MIN  calls that ended, per minute, over the last minute",
            "OK    how many of the calls since the start succeeded", "P95   95 of 100 successful calls were faster",
        ]
        return keys.map { key, text in
            let key = "  \(key.padded(to: 10))".cut(to: width)
            return palette.paint(key, .heading) + "  \(text)".cut(to: max(0, width - 12))
        }
            + words.map { $0.isEmpty ? "" : "  \($0.cut(to: max(0, width - 2)))" }
    }

    /// `lines` at the top and `footer` at the bottom of `height` lines.
    private static func fill(_ lines: [String], _ height: Int, _ footer: [String]) -> [String] {
        let room = max(0, height - footer.count)
        let shown = lines.prefix(room)
        return Array(shown) + Array(repeating: "", count: room - shown.count) + footer.suffix(height)
    }
}
