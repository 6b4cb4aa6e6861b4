// SPDX-License-Identifier: Apache-2.0

extension Engine {
    /// How the keepalive of a backend is doing; O(1).
    package func status(of backend: BackendIndex) -> BackendStatus {
        let state = backends[Int(backend)]
        let breaker = state.breaker
        let isOpen = breaker.state != .closed
        let usesTool = state.policy.method == .tool || state.selection.isLatched
        return BackendStatus(
            breaker: breaker.state,
            disabledReason: breaker.reason,
            disabledSince: isOpen ? breaker.since : nil,
            nextProbe: breaker.state == .open ? breaker.nextProbe : nil,
            consecutiveFailures: breaker.failures,
            notApplicable: state.notApplicable,
            pausedUntil: state.pausedUntil,
            hold: state.hold,
            isFallbackActive: state.selection.isLatched,
            fallbackSince: state.selection.latchedSince,
            interval: state.cadence.interval,
            timeout: state.timeout(of: usesTool ? .tool : .ping),
            probeInterval: state.policy.probeAfter,
            ttl: state.cadence.ttl,
            sessions: state.counts,
            inFlight: state.admission.inFlight,
            lastAttempt: state.lastAttempt,
            lastSuccess: state.lastSuccess
        )
    }

    /// How many sessions are registered, on all backends.
    package var sessionCount: Int { sessions.count }

    /// How the keepalive of a session is doing, or nil when the handle is stale; O(1).
    package func status(of session: SessionHandle) -> SessionStatus? {
        guard let index = sessions.index(of: session) else { return nil }
        let record = sessions.records[index]
        let activity: SessionStatus.Activity
        switch record.place {
        case _ where record.isBusy: activity = .busy
        case .nowhere: activity = .none
        case .timer: activity = .due(record.due)
        case .waiting, .urgent: activity = .waiting
        case .parked: activity = .parked
        }
        return SessionStatus(
            backend: record.backend,
            origin: record.flags.contains(.owned) ? .owned : .attached,
            state: record.state,
            activity: activity,
            isPaused: record.flags.contains(.paused),
            isLocked: record.flags.contains(.locked),
            lastActivity: record.lastActivity,
            lastSuccess: record.lastSuccess < .zero ? nil : record.lastSuccess
        )
    }
}
