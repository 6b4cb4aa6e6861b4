// SPDX-License-Identifier: Apache-2.0

extension Engine {
    /// Initializes an owned session.
    mutating func startOpening(_ index: Int, _ turn: inout Turn) {
        let backend = sessions.records[index].backend
        sessions.records[index].flags.insert(.opening)
        backends[Int(backend)].admission.start()
        turn.perform(.open(sessions.handle(at: index), backend: backend))
    }

    mutating func opened(_ session: SessionHandle, _ result: OpeningResult, _ turn: inout Turn) {
        guard let index = sessions.index(of: session), has(.opening, index) else { return }
        let backend = Int(sessions.records[index].backend)
        backends[backend].admission.finish()
        sessions.records[index].flags.remove(.opening)
        if case .failed(let outcome) = result {
            pauseBackend(ifAskedBy: outcome, backend, &turn)
            endProbe(index, outcome, &turn)
            openingFailed(index, outcome, &turn)
        } else {
            endProbe(index, .success, &turn)
            sessions.records[index].flags.remove(.credentialTried)
            switch result {
            case _ where backends[backend].switchedOff != nil: change(index) { $0.state = .notApplicable }
            case .stateful(let ttl): openedStateful(index, ttl, &turn)
            case .stateless: openedNotApplicable(index, .stateless, &turn)
            case .modern: openedNotApplicable(index, .modern, &turn)
            case .failed: break
            }
        }
        if has(.releasing, index) {
            retire(index, because: sessions.records[index].releaseReason, &turn)
        } else {
            grantLock(index, &turn)
        }
        afterEnd(backend, &turn)
    }

    private mutating func openedStateful(_ index: Int, _ ttl: Duration?, _ turn: inout Turn) {
        let backend = Int(sessions.records[index].backend)
        if let ttl { advertise(ttl, backend, &turn) }
        resume(index, &turn)
        becomeLive(index, &turn)
        armFirst(index, &turn)
    }

    /// The session is open and counts as used just now.
    mutating func becomeLive(_ index: Int, _ turn: inout Turn) {
        let backend = sessions.records[index].backend
        change(index) { record in
            record.state = .live
            record.openings = 0
            record.lastActivity = turn.now
            record.flags.subtract([.lastSucceeded, .lastFailed, .wasPaused, .recheck])
        }
        let origin: SessionOrigin = has(.owned, index) ? .owned : .attached
        let interval = backends[Int(backend)].cadence.interval
        if backends[Int(backend)].notApplicable != nil { becomeApplicable(Int(backend), &turn) }
        turn.emit(.sessionOpened(sessions.handle(at: index), backend: backend, origin, interval: interval))
    }

    /// What was detected does not hold any more: the other sessions are opened as well.
    private mutating func becomeApplicable(_ backend: Int, _ turn: inout Turn) {
        backends[backend].notApplicable = nil
        turn.emit(.applicable(backend: BackendIndex(backend)))
        for index in sessions.records.indices where sessions.isLive(index) {
            let record = sessions.records[index]
            if Int(record.backend) == backend, record.state == .notApplicable, record.place == .timer {
                arm(index, at: turn.now)
            }
        }
    }

    private mutating func openedNotApplicable(_ index: Int, _ reason: NotApplicableReason, _ turn: inout Turn) {
        let backend = sessions.records[index].backend
        resume(index, &turn)
        change(index) { record in
            record.state = .notApplicable
            record.openings = 0
        }
        if backends[Int(backend)].notApplicable != reason {
            backends[Int(backend)].notApplicable = reason
            turn.emit(.notApplicable(backend: backend, reason))
        }
        arm(index, at: turn.now + Self.notApplicableRecheck)
    }

    // MARK: Failures

    private mutating func openingFailed(_ index: Int, _ outcome: Outcome, _ turn: inout Turn) {
        let handle = sessions.handle(at: index)
        let backend = sessions.records[index].backend
        let policy = backends[Int(backend)].policy
        let pauseEnd = turn.now + policy.probeAfter
        var retryAt: Tick
        let isRefused = outcome.reaction == .refreshCredential || outcome.reaction == .pauseSession
        if isRefused {
            retryAt = pauseEnd
        } else if sessions.records[index].state == .notApplicable {
            retryAt = turn.now + Self.notApplicableRecheck
        } else {
            retryAt = drawRetry(index, &turn)
        }
        arm(index, at: retryAt)
        if outcome.reason == .cancelled { return }
        if outcome.reaction == .shedLoad {
            let interval = backends[Int(backend)].cadence.interval
            backends[Int(backend)].admission.shed(until: turn.now + interval)
        }
        let isDisabled = backends[Int(backend)].breaker.state != .closed
        turn.emit(.openingFailed(handle, backend: backend, outcome, retryAt: isDisabled ? nil : retryAt))
        guard isRefused, let reason = outcome.reason else { return }
        let mayReread =
            outcome.reaction == .refreshCredential && !has(.credentialTried, index)
            && !isStopping && !has(.releasing, index)
        if mayReread {
            takeOut(index)
            sessions.records[index].flags.formUnion([.credentialTried, .awaitingCredential])
            turn.perform(.refreshCredential(handle))
        } else {
            sessions.records[index].flags.remove(.credentialTried)
            pauseSession(index, reason, &turn)
        }
    }

    /// The credential was read again after an initialization was refused.
    mutating func openingCredentialRefreshed(_ index: Int, changed: Bool, _ turn: inout Turn) {
        let backend = Int(sessions.records[index].backend)
        sessions.records[index].flags.remove(.awaitingCredential)
        if changed {
            arm(index, at: turn.now)
        } else {
            sessions.records[index].flags.remove(.credentialTried)
            arm(index, at: turn.now + backends[backend].policy.probeAfter)
            pauseSession(index, .unauthorized, &turn)
        }
        grantLock(index, &turn)
        probeIfStarved(backend, &turn)
    }

    /// Lets a lost session be initialized again after the first delay.
    mutating func retryOpening(_ index: Int, _ turn: inout Turn) {
        arm(index, at: drawRetry(index, &turn))
    }

    private mutating func drawRetry(_ index: Int, _ turn: inout Turn) -> Tick {
        let failures = sessions.records[index].openings
        sessions.records[index].openings = failures == .max ? failures : failures + 1
        return turn.now + Backoff.delay(after: Int(failures), using: &turn.random)
    }
}
