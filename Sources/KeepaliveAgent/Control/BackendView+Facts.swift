// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ControlAPI
import KeepaliveEngine

extension BackendView {
    /// How a backend looks to people.
    init(_ facts: BackendFacts, _ clock: WallClock) {
        let status = facts.status
        let state = Self.state(of: status)
        self.init(
            name: facts.configuration.name,
            url: facts.configuration.shownURL,
            state: state,
            method: Self.method(of: facts.configuration, status),
            intervalSeconds: status.interval.fractionalSeconds
        )
        reason =
            switch state {
            case .off: status.notApplicable?.rawValue
            case .heldByOperator: "operator"
            case .disabled, .probing: status.disabledReason?.rawValue
            case .active, .paused: nil
            }
        fallbackActive = status.isFallbackActive
        ttlSeconds = status.ttl?.fractionalSeconds
        sessions = status.sessions.total
        activeSessions = status.sessions.active
        pausedSessions = status.sessions.paused
        inFlight = status.inFlight
        successes = facts.successes
        attempts = facts.successes + facts.failures.values.reduce(0, +)
        failures = Dictionary(uniqueKeysWithValues: facts.failures.map { ($0.key.rawValue, $0.value) })
        consecutiveFailures = status.consecutiveFailures
        latencyP95Milliseconds = facts.latencyP95
        lastAttempt = clock.date(status.lastAttempt)
        lastSuccess = clock.date(status.lastSuccess)
        disabledSince = clock.date(status.disabledSince ?? status.hold?.since)
        next =
            switch state {
            case .off, .probing: nil
            case .heldByOperator: clock.date(status.hold?.until)
            case .disabled: clock.date(status.nextProbe)
            case .paused: clock.date(status.pausedUntil)
            case .active: clock.date(facts.nextDue)
            }
    }

    private static func state(of status: BackendStatus) -> State {
        if status.notApplicable != nil { return .off }
        if status.hold != nil { return .heldByOperator }
        switch status.breaker {
        case .open: return .disabled
        case .halfOpen: return .probing
        case .closed: return status.pausedUntil == nil ? .active : .paused
        }
    }

    private static func method(of configuration: BackendConfiguration, _ status: BackendStatus) -> String {
        let tool = configuration.tool.map { "tool:\($0.name)" } ?? "tool"
        switch configuration.policy.method {
        case .none: return "none"
        case .tool: return tool
        case .ping: return status.isFallbackActive ? tool : "ping"
        }
    }
}
