// SPDX-License-Identifier: Apache-2.0

package import ControlAPI
import Foundation

/// What `status` shows.
package enum StatusText {
    /// - Parameters:
    ///   - width: nil: everything is shown whole.
    ///   - height: the most lines; nil: all of them.
    package static func lines(_ status: StatusView, width: Int?, height: Int? = nil, _ palette: Palette) -> [String] {
        let head =
            Wrapping.lines(facts(status), width: width, palette)
            + problems(status).map { palette.paint(width.map($0.cut(to:)) ?? $0, .warning) }
        var table = BackendTable.lines(status.backends, now: status.now, width: width, palette)
        if let height, head.count + table.count > height, height > head.count + 2 {
            let shown = height - head.count - 1
            let more = "… and \(table.count - shown) more"
            table = table[..<shown] + [palette.paint(more, .faint)]
        }
        return head + table
    }

    /// The agent itself, in a few words.
    package static func facts(_ status: StatusView) -> [Cell] {
        var facts = [
            Cell("mcp-keepalive \(status.version)", .heading),
            Cell("up \(ShortTime.span(status.now.timeIntervalSince(status.startedAt)))"),
            configuration(status),
            telemetry(status),
        ]
        if let storage = storage(status) { facts.append(storage) }
        if let webhook = webhook(status) { facts.append(webhook) }
        return facts
    }

    /// What is wrong with the agent itself, a line each.
    package static func problems(_ status: StatusView) -> [String] {
        var problems: [String] = []
        if let problem = status.configuration.problem { problems.append("! config: \(problem.printable)") }
        if status.storage.state == .degraded {
            let place = status.storage.directory.map { "\($0): " } ?? ""
            problems.append("! state: \(place)\(status.storage.problem ?? "cannot be written")".printable)
        }
        if status.telemetry.state == .failing, let endpoint = status.telemetry.endpoint {
            problems.append("! otlp: \(endpoint) does not take everything".printable)
        }
        if let webhook = status.webhook, let problem = webhook.problem {
            problems.append("! webhook: \(webhook.endpoint): \(problem)".printable)
        }
        return problems
    }

    private static func configuration(_ status: StatusView) -> Cell {
        let age = ShortTime.since(status.configuration.loadedAt, to: status.now)
        return status.configuration.problem == nil
            ? Cell("config ok (\(age))") : Cell("config RELOAD REJECTED (still that of \(age))", .warning)
    }

    static func telemetry(_ status: StatusView) -> Cell {
        let telemetry = status.telemetry
        let age = telemetry.lastSuccess.map { ShortTime.since($0, to: status.now) }
        let dropped = "\(telemetry.dropped) dropped"
        return switch telemetry.state {
        case .off: Cell("otlp off", .faint)
        case .waiting: Cell("otlp waiting", .faint)
        case .ok: Cell("otlp ok (\(age.map { "\($0), " } ?? "")\(dropped))", telemetry.dropped > 0 ? .warning : .plain)
        case .failing: Cell("otlp FAILING (\(age.map { "last ok \($0)" } ?? "never ok"), \(dropped))", .bad)
        }
    }

    /// Nil where nothing is to be stored.
    static func storage(_ status: StatusView) -> Cell? {
        switch status.storage.state {
        case .off: nil
        case .ok: Cell("state ok")
        case .degraded: Cell("state DEGRADED", .bad)
        }
    }

    /// Nil where nobody is to be called.
    static func webhook(_ status: StatusView) -> Cell? {
        guard let webhook = status.webhook else { return nil }
        let dropped = webhook.dropped > 0 ? ", \(webhook.dropped) dropped" : ""
        return switch webhook.state {
        case .waiting: Cell("webhook waiting", .faint)
        case .ok: Cell("webhook ok\(dropped)", webhook.dropped > 0 ? .warning : .plain)
        case .failing: Cell("webhook FAILING (\(webhook.pending) waiting\(dropped))", .bad)
        }
    }
}
