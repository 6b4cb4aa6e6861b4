// SPDX-License-Identifier: Apache-2.0

package import ControlAPI
package import Foundation

/// What was done to a backend or a session, in a sentence.
package enum ActionText {
    package static func probed(_ report: ProbeReport, now: Date) -> Cell {
        let backend = report.backend
        let time = report.latencyMilliseconds.map { " in \(ShortTime.latency($0))" } ?? ""
        switch report.succeeded {
        case true?: return Cell("\(backend.name): answered\(time); \(keepalive(backend, now))", .good)
        case false?:
            let reason = report.reason.map { ": \($0)" } ?? ""
            let after = report.latencyMilliseconds.map { " after \(ShortTime.latency($0))" } ?? ""
            return Cell("\(backend.name): failed\(reason)\(after); \(keepalive(backend, now))", .bad)
        case nil:
            let why =
                switch backend.state {
                case .heldByOperator: "not called, for somebody disabled it: enable it first"
                case _ where backend.sessions == 0: "it has no session to call"
                default: "not called, or not answered yet"
                }
            return Cell("\(backend.name): \(why); \(keepalive(backend, now))", .warning)
        }
    }

    package static func enabled(_ backend: BackendView, now: Date) -> Cell {
        Cell("\(backend.name): \(keepalive(backend, now))", backend.isDisabled ? .warning : .good)
    }

    /// - Parameter seconds: for how long; nil: until somebody enables it.
    package static func disabled(_ backend: BackendView, seconds: Int?) -> Cell {
        let end = seconds.map { "for \(exact($0))" } ?? "until somebody enables it"
        return Cell("\(backend.name): keepalive is disabled \(end)", .warning)
    }

    /// `reload ok: +1 ~1 -0 backends, 15 sessions untouched`, and the names where there are any.
    package static func reloaded(_ report: ReloadReport) -> [String] {
        let counts = "+\(report.added.count) ~\(report.changed.count) -\(report.removed.count)"
        let sessions = "\(report.untouchedSessions) session\(report.untouchedSessions == 1 ? "" : "s") untouched"
        let names = [("added", report.added), ("changed", report.changed), ("removed", report.removed)]
        return ["reload ok: \(counts) backends, \(sessions)"]
            + names.filter { !$1.isEmpty }.map { "  \($0): \($1.joined(separator: ", "))".printable }
    }

    /// A time as it was given: in the largest unit that it is a whole number of.
    private static func exact(_ seconds: Int) -> String {
        let units = [(86_400, "d"), (3600, "h"), (60, "m")]
        return units.first { seconds.isMultiple(of: $0.0) }.map { "\(seconds / $0.0)\($0.1)" } ?? "\(seconds)s"
    }

    private static func keepalive(_ backend: BackendView, _ now: Date) -> String {
        let next = backend.nextText(now).map { ", \(backend.state == .active ? "next " : "")\($0)" } ?? ""
        return switch backend.state {
        case .active: "keepalive is active\(next)"
        case .disabled: "keepalive is disabled\(backend.reason.map { " (\($0))" } ?? "")\(next)"
        case .probing: "a probe is in flight"
        case .heldByOperator: "keepalive is disabled by hand\(next)"
        case .paused: "the backend asked to be left alone\(next)"
        case .off: "keepalive is off\(backend.reason.map { $0 == "none" ? "" : " (\($0))" } ?? "")"
        }
    }
}
