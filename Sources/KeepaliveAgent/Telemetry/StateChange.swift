// SPDX-License-Identifier: Apache-2.0

package import KeepaliveEngine
package import LogText

/// An event as people read it: what a log line and a log record say of a change of state.
package struct StateChange: Sendable {
    package let level: LogLevel
    package let event: Catalog.EventName
    package let message: String
    /// Facts beside the backend and the session, in order.
    package let fields: [(key: String, value: String)]

    /// What the words need to know beyond the event.
    package struct Context: Sendable {
        /// The backend's name.
        package var backend: String
        /// The name of its fallback or keepalive tool.
        package var tool: String?
        /// The time of the event.
        package var now: Tick

        package init(backend: String, tool: String?, now: Tick) {
            self.backend = backend
            self.tool = tool
            self.now = now
        }
    }

    /// Nil for what happens all the time: attempts, cycles and skips are metrics and spans, not log records.
    package init?(_ event: Event, in context: Context) {
        let name = context.backend
        func wait(until tick: Tick) -> String { (tick - context.now).text }

        switch event {
        case .called, .cycleEnded, .skipped:
            return nil
        case .autoDisabled(_, let reason, let failures, let nextProbe):
            level = .warning
            self.event = .backendAutoDisabled
            let cause =
                failures > 1 ? "\(failures) failures in a row, the last one \(reason.rawValue)" : reason.rawValue
            message = "\(name): keepalive disabled after \(cause); the next probe is in \(wait(until: nextProbe))"
            fields = [("reason", reason.rawValue), ("failures", "\(failures)"), ("probe_in", wait(until: nextProbe))]
        case .probed(_, let succeeded, let nextProbe):
            guard !succeeded, let nextProbe else { return nil }
            level = .info
            self.event = .probeFailed
            message = "\(name): still failing; the next probe is in \(wait(until: nextProbe))"
            fields = [("probe_in", wait(until: nextProbe))]
        case .operatorDisabled(_, let until):
            level = .info
            self.event = .backendOperatorDisabled
            message = "\(name): keepalive disabled by hand" + (until.map { " for \(wait(until: $0))" } ?? "")
            fields = until.map { [("for", wait(until: $0))] } ?? []
        case .reenabled(_, let reason, let disabledFor):
            level = .info
            self.event = .backendReenabled
            message =
                switch reason {
                case .probe: "\(name): works again; keepalive enabled after \(disabledFor.text)"
                case .operator: "\(name): keepalive enabled by hand after \(disabledFor.text)"
                case .reload: "\(name): is configured anew; keepalive enabled after \(disabledFor.text)"
                }
            fields = [("reason", reason.rawValue), ("disabled_for", disabledFor.text)]
        case .fallbackSelected(_, let reason):
            level = .info
            self.event = .fallbackSelected
            let tool = context.tool ?? "unknown"
            message = "\(name): ping fails (\(reason.rawValue)); calling the tool \(tool) instead from now on"
            fields = [("reason", reason.rawValue), ("tool", tool)]
        case .pingSelected:
            level = .info
            self.event = .pingSelected
            message = "\(name): ping works again; using ping from now on"
            fields = []
        case .backendPaused(_, let reason, let until):
            level = .info
            self.event = .backendPaused
            message = "\(name): asked to be left alone (\(reason.rawValue)); going on in \(wait(until: until))"
            fields = [("reason", reason.rawValue), ("resume_in", wait(until: until))]
        case .notApplicable(_, let reason):
            level = .info
            self.event = .backendNotApplicable
            message = "\(name): keepalive is off: \(Self.words(for: reason))"
            fields = [("reason", reason.rawValue)]
        case .applicable:
            level = .info
            self.event = .backendApplicable
            message = "\(name): keepalive makes sense now, and is on"
            fields = []
        case .ttlAdvertised(_, let ttl, let interval):
            level = .info
            self.event = .backendTTLAdvertised
            message = "\(name): advertises an idle TTL of \(ttl.text); keepalives every \(interval.text)"
            fields = [("ttl", ttl.text), ("interval", interval.text)]
        case .sessionOpened(_, _, let origin, let interval):
            level = .info
            self.event = .sessionOpened
            let verb = origin == .owned ? "opened a session" : "took over a session"
            message = "\(name): \(verb); keepalives every \(interval.text)"
            fields = [("origin", origin.rawValue), ("interval", interval.text)]
        case .openingFailed(_, _, let outcome, let retryAt):
            level = .warning
            self.event = .sessionOpeningFailed
            let reason = outcome.reason?.rawValue ?? "unknown"
            let next = retryAt.map { "the next try is in \(wait(until: $0))" } ?? "waiting for the next probe"
            message = "\(name): cannot open a session (\(reason)); \(next)"
            fields = [("reason", reason)] + (retryAt.map { [("retry_in", wait(until: $0))] } ?? [])
        case .sessionLost(_, _, let reason, let idleGap, let lastKeepaliveSucceeded):
            level = .warning
            self.event = .sessionLost
            let (words, value) =
                switch lastKeepaliveSucceeded {
                case true?: ("the last keepalive had succeeded", "success")
                case false?: ("the last keepalive had failed", "failure")
                case nil: ("there had been no keepalive yet", "none")
                }
            message = "\(name): the backend lost a session after \(idleGap.text) idle; \(words)"
            fields = [("reason", reason.rawValue), ("idle_gap", idleGap.text), ("last_keepalive", value)]
        case .sessionPaused(_, _, let reason, let until):
            level = .warning
            self.event = .sessionPaused
            message =
                "\(name): the backend refused a session's credential (\(reason.rawValue)); "
                + "waiting for another one, next try in \(wait(until: until))"
            fields = [("reason", reason.rawValue), ("retry_in", wait(until: until))]
        case .sessionResumed:
            level = .info
            self.event = .sessionResumed
            message = "\(name): going on with a session that was paused"
            fields = []
        case .sessionReleased(_, _, let reason):
            level = .info
            self.event = .sessionReleased
            message = "\(name): a session is no longer wanted (\(Self.words(for: reason))); nothing more is sent on it"
            fields = [("reason", reason.rawValue)]
        }
    }

    /// What is said of events that were too many to be told one by one.
    init(_ summary: EventThrottle.Summary, backend: String) {
        level = .info
        event = .eventsSuppressed
        let name = summary.key.event.rawValue
        let times = "\(summary.count) more time\(summary.count == 1 ? "" : "s")"
        message = "\(backend): \(name) happened \(times) within \(summary.within.text)"
        fields = [("event", name), ("count", "\(summary.count)")]
    }

    private static func words(for reason: ReleaseReason) -> String {
        switch reason {
        case .unlisted: "it left the sessions file, or expired"
        case .deleted: "its owner took it back"
        case .leaseExpired: "its lease was not renewed"
        case .lifetimeEnded: "its lifetime ended"
        case .idle: "its owner does not use it any more"
        case .configuration: "the configuration changed"
        }
    }

    static func words(for reason: NotApplicableReason) -> String {
        switch reason {
        case .stateless: "the backend issues no session id"
        case .modern: "the backend speaks only MCP 2026-07-28, which has neither ping nor sessions"
        case .ttlAligned: "session_ttl covers session_lifetime"
        case .none: "keepalive_method is none"
        }
    }
}
