// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// How one backend is kept alive, in words.
package struct ScheduleExplanation: Sendable, Hashable {
    /// One subject with what there is to say about it, a sentence per element.
    package struct Section: Sendable, Hashable, Encodable {
        package var title: String
        package var lines: [String]
    }

    package let backend: BackendConfiguration
    package let schedule: EffectiveSchedule
    package private(set) var sections: [Section] = []
    private let configuration: Configuration
    private let written: WrittenConfiguration

    package init(_ backend: BackendConfiguration, in configuration: Configuration, _ written: WrittenConfiguration) {
        self.backend = backend
        self.configuration = configuration
        self.written = written
        schedule = EffectiveSchedule(backend)
        if let reason = schedule.switchedOff {
            sections = [Section(title: "keepalive", lines: ["off: \(words(reason))"])]
            return
        }
        sections = [
            Section(title: "keepalive", lines: keepalive), Section(title: "fallback", lines: fallback),
            Section(title: "timeouts", lines: [timeouts]), Section(title: "disabled", lines: disabled),
            Section(title: "detection", lines: detection), Section(title: "session TTL", lines: timeToLive),
            Section(title: "caps", lines: caps), Section(title: "sessions", lines: sessions),
        ]
        if case .tool = policy.method { sections.removeAll { $0.title == "fallback" } }
    }

    private var policy: BackendPolicy { backend.policy }

    // MARK: Sections

    private var keepalive: [String] {
        let call = if case .tool = policy.method { "the tool \(backend.tool?.name ?? "")" } else { "ping" }
        let range =
            policy.jitter > 0
            ? "\(text(schedule.shortestInterval)) to \(text(schedule.interval))" : text(schedule.interval)
        var lines = ["\(call) (\(from("keepalive_method"))), every \(range)"]
        switch schedule.intervalReason {
        case .configured: lines.append("interval \(text(schedule.interval)) (\(from("interval")))")
        case .timeToLive, .floor:
            let ttl = policy.sessionTTL.map { "\(text($0)) (\(from("session_ttl")))" } ?? ""
            let floor = schedule.intervalReason == .floor ? ", at least \(text(BackendPolicy.shortestInterval))" : ""
            lines.append(
                "interval \(text(schedule.interval)): a third of session_ttl \(ttl)\(floor), since interval "
                    + "\(text(policy.interval)) (\(from("interval"))) is longer"
            )
        }
        let percent = decimal(policy.jitter * 100)
        lines.append("jitter \(percent)% (\(from("jitter"))), which only ever shortens the interval")
        lines.append("traffic on a session that the agent is told of puts its next keepalive off")
        return lines
    }

    private var fallback: [String] {
        guard let tool = backend.tool else {
            return ["none: a ping that the server does not know disables the backend"]
        }
        let patience = MethodSelection.patience(of: policy)
        return [
            "the tool \(tool.name) (\(from("fallback_tool"))), in the same keepalive, from ping failure number \(patience) in a "
                + "row on; at once when the server does not know ping",
            "once it succeeded only the tool is called; ping is tried again once a day and on probes",
        ]
    }

    private var timeouts: String {
        let timeout = text(min(policy.timeout, schedule.interval))
        let toolTimeout = text(min(policy.toolTimeout, schedule.interval))
        let tool = "tool calls and initialize \(toolTimeout) (\(clamped("tool_timeout", policy.toolTimeout)))"
        if case .tool = policy.method { return tool }
        return "ping \(timeout) (\(clamped("timeout", policy.timeout))), \(tool)"
    }

    private var disabled: [String] {
        let range =
            policy.jitter > 0
            ? "\(text(schedule.shortestProbe)) to \(text(policy.probeAfter))" : text(policy.probeAfter)
        return [
            "after \(count(policy.failureThreshold, "failure")) in a row (\(from("failure_threshold"))), of whichever "
                + "sessions; at once when TLS fails or the server redirects",
            "then nothing is sent for \(range) (\(from("probe_after"))); one call finds out whether it works again",
        ]
    }

    private var detection: [String] {
        guard let bound = schedule.detection else { return [] }
        var terms = ["\(count(bound.failures, "interval")) of \(text(bound.interval))"]
        if bound.fallbacks > 0 {
            terms.append("\(count(bound.fallbacks, "ping timeout")) of \(text(bound.pingTimeout))")
        }
        terms.append("the last \(bound.fallbacks > 0 ? "tool timeout" : "timeout") of \(text(bound.lastTimeout))")
        return [
            "a backend that answers nothing any more is disabled at most \(text(bound.longest)) after the last success: "
                + terms.joined(separator: " + "),
            "that is with one idle session; more sessions find out sooner",
        ]
    }

    private var timeToLive: [String] {
        guard let ttl = policy.sessionTTL, let margin = schedule.timeToLiveMargin else {
            return ["not known (session_ttl: \(from("session_ttl"))); one that the backend advertises is obeyed"]
        }
        let survived =
            switch schedule.affordableLosses ?? 0 {
            case 0: "not one keepalive may get lost"
            case 1: "one lost keepalive is survived"
            case let losses: "\(losses) lost keepalives in a row are survived"
            }
        var lines = [
            "\(text(ttl)) (\(from("session_ttl"))), covered with \(text(margin)) to spare: at most "
                + "\(text(schedule.interval)) pass without a request",
            survived,
        ]
        if let gap = schedule.longestOutageGap, gap >= ttl {
            lines.append(
                "an idle session may expire while the backend is disabled: the first probe comes up to \(text(gap)) after "
                    + "the last success"
            )
        }
        return lines
    }

    private var caps: [String] {
        let rate =
            policy.maxRequestsPerSecond.map { "at most \(decimal($0)) started per second" }
            ?? "at most max(20, 2 × sessions ÷ interval) started per second"
        return [
            "\(count(policy.maxRequestsInFlight, "request")) in flight (\(from("max_requests_in_flight")))",
            "\(rate) (\(from("max_requests_per_second")))"
                + (policy.maxRequestsPerSecond.map { $0 <= 20 } ?? false ? "" : ", at most 20 of them after an outage"),
        ]
    }

    private var sessions: [String] {
        var lines: [String] = []
        if backend.ownSessions > 0 {
            let reopening = policy.reinitialize ? "opened again" : "not opened again"
            lines.append(
                "\(backend.ownSessions) of its own (\(from("own_sessions"))), \(reopening) after a loss "
                    + "(\(from("reinitialize")))"
            )
        }
        if let path = configuration.sessionsFile {
            let line = written.position(of: ["sessions_file"])
            let origin = line.map { ValueOrigin.file(configuration.file, line: $0.line) } ?? .builtIn
            lines.append(
                "those that \(DiagnosticText.quoted(path)) lists (\(origin)), while they are listed and not expired"
            )
        }
        let api = configuration.api
        if api != .off, api.writable != nil || !api.isSocketOff {
            lines.append(
                "those of the local API while their lease lasts; \(limit("max_idle", backend.maxIdle, "without traffic")), "
                    + limit("max_lifetime", backend.maxLifetime, "in all")
            )
        }
        if let lifetime = policy.sessionLifetime {
            lines.append("a session lives for \(text(lifetime)) at most (\(from("session_lifetime")))")
        }
        return lines.isEmpty ? ["none: nothing is ever sent"] : lines
    }

    // MARK: Words

    private func words(_ reason: NotApplicableReason) -> String {
        switch reason {
        case .none: "keepalive_method is none (\(from("keepalive_method")))"
        case .stateless: "stateful is false (\(from("stateful")))"
        case .ttlAligned:
            "session_ttl \(policy.sessionTTL.map(text) ?? "") (\(from("session_ttl"))) covers session_lifetime "
                + "\(policy.sessionLifetime.map(text) ?? "") (\(from("session_lifetime")))"
        case .modern: "the backend speaks only MCP 2026-07-28"
        }
    }

    private func from(_ key: String) -> String {
        "\(written.origin(ofSetting: key, of: backend, in: configuration.file))"
    }

    /// The origin of a timeout, and that it is only as long as the interval.
    private func clamped(_ key: String, _ timeout: Duration) -> String {
        from(key) + (timeout >= schedule.interval ? "; no call outlasts the interval" : "")
    }

    private func limit(_ key: String, _ value: Duration?, _ words: String) -> String {
        (value.map { "at most \(text($0)) \(words)" } ?? "no limit \(words)") + " (\(key): \(from(key)))"
    }

    private func text(_ duration: Duration) -> String { DurationText.format(duration) }

    /// A number without a fraction that is none.
    private func decimal(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }

    private func count(_ number: Int, _ noun: String) -> String {
        number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
    }
}
