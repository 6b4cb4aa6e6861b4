// SPDX-License-Identifier: Apache-2.0

extension Engine {
    /// What becomes of a session after a cycle.
    enum Fate {
        case next
        case recheck
        case pause
        case lost
    }

    /// The longest time before the second question after an answer that may mean that the session is lost.
    package static let longestRecheck: Duration = .seconds(5)

    /// Tells and records what the last call of a cycle means for its session.
    mutating func settleFate(
        _ index: Int,
        _ cycle: Cycle,
        _ outcome: Outcome,
        mayPause: Bool,
        _ turn: inout Turn
    ) -> Fate {
        if outcome.reason == .cancelled {
            if has(.locked, index) { sessions.records[index].flags.insert(.dueWhileLocked) }
            return .next
        }
        let isSecondRecheck = outcome.reaction == .recheckSession && cycle.attempt.purpose == .recheck
        if outcome.verdict == .lost || outcome.reaction == .stopSession || isSecondRecheck {
            lose(index, since: cycle.gapStart, &turn)
            return .lost
        }
        if outcome.reaction == .recheckSession {
            // The answer may not come from the backend: for a loss to come, the gap is the one before this call.
            if sessions.records[index].lastActivity == cycle.started {
                sessions.records[index].lastActivity = cycle.gapStart
            }
            return .recheck
        }
        if outcome.isSuccess {
            resume(index, &turn)
            sessions.records[index].flags.insert(.lastSucceeded)
            sessions.records[index].flags.subtract([.lastFailed, .wasPaused])
            return .next
        }
        sessions.records[index].flags.remove(.lastSucceeded)
        sessions.records[index].flags.insert(.lastFailed)
        if outcome.reaction == .shedLoad {
            let backend = Int(cycle.attempt.backend)
            let interval = backends[backend].cadence.interval
            backends[backend].admission.shed(until: turn.now + interval)
        }
        guard mayPause, let reason = outcome.reason,
            outcome.reaction == .pauseSession || outcome.reaction == .refreshCredential
        else { return has(.paused, index) ? .pause : .next }
        // Without the second look at the credential there is no judgement yet.
        guard outcome.reaction == .pauseSession || cycle.isRefreshed else { return .next }
        pauseSession(index, reason, &turn)
        return .pause
    }

    /// Lets the session wait for what comes next, now that nothing of it is in flight.
    mutating func settle(_ index: Int, _ fate: Fate, _ turn: inout Turn) {
        let isOwned = has(.owned, index)
        let policy = backends[Int(sessions.records[index].backend)].policy
        if has(.releasing, index) {
            retire(index, because: fate == .lost ? nil : sessions.records[index].releaseReason, &turn)
            return
        }
        switch fate {
        case .lost where !isOwned || !policy.reinitialize:
            retire(index, because: nil, &turn)
            return
        case .lost: retryOpening(index, &turn)
        case .recheck:
            sessions.records[index].flags.insert(.recheck)
            let interval = backends[Int(sessions.records[index].backend)].cadence.interval
            arm(index, at: turn.now + min(Self.longestRecheck, interval))
        case .pause: arm(index, at: turn.now + policy.probeAfter)
        case .next: armNext(index, &turn)
        }
        grantLock(index, &turn)
    }

    /// Reports a loss; `gapStart` is the last activity before the call that found out.
    private mutating func lose(_ index: Int, since gapStart: Tick, _ turn: inout Turn) {
        let record = sessions.records[index]
        let backend = backends[Int(record.backend)]
        let gap = turn.now - gapStart
        let succeeded = record.flags.contains(.lastSucceeded)
        let reason: LossReason
        if backend.isHeldBack || backend.lastHeldBack > gapStart || record.flags.contains(.wasPaused) {
            reason = .expiredWhileDisabled
        } else if succeeded, backend.cadence.ttl.map({ gap < $0 }) ?? true {
            reason = .expiredDespiteKeepalive
        } else {
            reason = .expired
        }
        turn.emit(
            .sessionLost(
                sessions.handle(at: index),
                backend: record.backend,
                reason,
                idleGap: gap,
                lastKeepaliveSucceeded: succeeded ? true : record.flags.contains(.lastFailed) ? false : nil
            )
        )
        // Its last call may have ended after the backend was switched off.
        let isOff = backend.switchedOff != nil
        change(index) { record in
            if record.flags.contains(.owned) { record.state = isOff ? .notApplicable : .unopened }
            record.flags.subtract([.lastSucceeded, .lastFailed, .paused, .wasPaused, .recheck, .touched])
            record.openings = 0
        }
    }
}
