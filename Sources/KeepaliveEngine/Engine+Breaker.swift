// SPDX-License-Identifier: Apache-2.0

extension Engine {
    /// What the one call of a disabled backend showed.
    private enum Finding {
        case works
        case fails
        /// Nothing, for the call never got that far.
        case nothing
    }

    /// Counts the failure of a cycle, if it is the backend's.
    mutating func countFailure(_ outcome: Outcome, _ cycle: Cycle, _ turn: inout Turn) {
        guard !outcome.isSuccess, let reason = outcome.reason, reason != .cancelled else { return }
        let backend = Int(cycle.attempt.backend)
        // A probe and what was in flight when the breaker opened do not count.
        guard backends[backend].breaker.state == .closed else { return }
        let lacksPing = outcome.reaction == .latchMethod && cycle.attempt.method == .ping
        if lacksPing, !backends[backend].selection.hasFallback {
            disable(backend, reason, &turn)
        } else if backends[backend].breaker.recordFailure(effect(of: outcome, cycle.attempt.method)) {
            disable(backend, reason, &turn)
        }
    }

    /// A tool that the backend does not know is an ordinary failure, for there is nothing left to go over to.
    private func effect(of outcome: Outcome, _ method: CallMethod) -> BreakerEffect {
        outcome.reason == .methodNotFound && method == .tool && outcome.breaker == .none ? .counts : outcome.breaker
    }

    private mutating func disable(_ backend: Int, _ reason: FailureReason, _ turn: inout Turn) {
        let failures = max(1, backends[backend].breaker.failures)
        let nextProbe = drawProbe(backend, &turn)
        backends[backend].breaker.open(for: reason, at: turn.now, nextProbe: nextProbe)
        backends[backend].isProbeStarved = false
        backends[backend].isAfterOutage = true
        armBackend(backend, .probe, at: nextProbe)
        turn.emit(
            .autoDisabled(backend: BackendIndex(backend), reason: reason, failures: failures, nextProbe: nextProbe)
        )
    }

    mutating func drawProbe(_ backend: Int, _ turn: inout Turn) -> Tick {
        let delay = backends[backend].policy.probeAfter
        return turn.now + backends[backend].cadence.jittered(delay, using: &turn.random)
    }

    // MARK: The one call

    /// Makes the overdue probe, now that a session may be there for it.
    mutating func probeIfStarved(_ backend: Int, _ turn: inout Turn) {
        if backends[backend].isProbeStarved { startProbe(backend, &turn) }
    }

    /// Makes the one call of a disabled backend, on the session with the newest success.
    mutating func startProbe(_ backend: Int, _ turn: inout Turn) {
        guard !isStopping, !backends[backend].isRetired, backends[backend].breaker.state == .open else { return }
        guard backends[backend].hold == nil else {
            backends[backend].isProbeStarved = true
            return
        }
        backends[backend].isProbeStarved = false
        if let pauseEnd = backends[backend].pausedUntil {
            armBackend(backend, .probe, at: pauseEnd)
            return
        }
        guard backends[backend].admission.hasSlot(at: turn.now) else {
            backends[backend].isProbeStarved = true
            return
        }
        guard hasRoom(backend, turn.now) else {
            let rate = backends[backend].rate(at: turn.now)
            armBackend(backend, .probe, at: backends[backend].admission.nextToken(at: turn.now, rate: rate))
            return
        }
        guard let index = probeCandidate(backend) else {
            backends[backend].isProbeStarved = true
            return
        }
        takeOut(index)
        sessions.records[index].flags.remove(.backlog)
        backends[backend].breaker.beginProbe()
        backends[backend].probing = sessions.handle(at: index)
        if sessions.records[index].state == .live {
            startCycle(index, probe: backends[backend].breaker.probes, &turn)
        } else {
            startOpening(index, &turn)
        }
    }

    /// The live session with the newest success; without any, an owned one that is to be opened.
    func probeCandidate(_ backend: Int) -> Int? {
        var best: Int?
        for index in sessions.records.indices where sessions.isLive(index) {
            let record = sessions.records[index]
            guard Int(record.backend) == backend, !record.isBusy, record.state != .notApplicable,
                record.flags.isDisjoint(with: [.locked, .releasing]),
                // A paused session has one try per `probeAfter`, and this may be it.
                !record.flags.contains(.paused) || record.place == .parked
            else { continue }
            if best.map({ isBetter(record, than: sessions.records[$0]) }) ?? true { best = index }
        }
        return best
    }

    private func isBetter(_ one: SessionRecord, than other: SessionRecord) -> Bool {
        if one.state != other.state { return one.state == .live }
        let (onePaused, otherPaused) = (one.flags.contains(.paused), other.flags.contains(.paused))
        if onePaused != otherPaused { return !onePaused }
        return (one.lastSuccess, one.lastActivity) > (other.lastSuccess, other.lastActivity)
    }

    /// If the call or initialization that ended on this session was the probe, judges it.
    mutating func endProbe(_ index: Int, _ outcome: Outcome, _ turn: inout Turn) {
        let backend = Int(sessions.records[index].backend)
        guard backends[backend].probing == sessions.handle(at: index) else { return }
        let cycle = sessions.records[index].cycle
        let method = cycle >= 0 ? cycles[cycle].attempt.method : nil
        backends[backend].probing = nil
        let finding = judge(outcome, method, backend)
        guard finding == .works else {
            let next = drawProbe(backend, &turn)
            backends[backend].breaker.endProbe(nextProbe: next)
            armBackend(backend, .probe, at: next)
            if outcome.reason != .cancelled {
                turn.emit(.probed(backend: BackendIndex(backend), succeeded: false, nextProbe: next))
            }
            return
        }
        let disabledFor = backends[backend].breaker.close(at: turn.now)
        turn.emit(.probed(backend: BackendIndex(backend), succeeded: true, nextProbe: nil))
        // While somebody holds it disabled it is not enabled, only no longer disabled by failures.
        if backends[backend].hold == nil {
            turn.emit(.reenabled(backend: BackendIndex(backend), .probe, disabledFor: disabledFor))
        }
        guard !backends[backend].isHeldBack else { return }
        backends[backend].lastHeldBack = turn.now
        spread(backend, &turn)
    }

    /// `method` is nil for an initialization.
    private func judge(_ outcome: Outcome, _ method: CallMethod?, _ backend: Int) -> Finding {
        let selection = backends[backend].selection
        switch outcome.reason {
        case nil: return .works
        case .cancelled, .localResource: return .nothing
        case .rateLimited: return .fails
        // Says of the backend that it is there, but not that keepalive works: that takes a tool not yet tried.
        case .methodNotFound: return method == .ping && selection.hasFallback && !selection.isLatched ? .works : .fails
        case .some: return outcome.breaker == .none && outcome.reaction != .pauseBackend ? .works : .fails
        }
    }
}
