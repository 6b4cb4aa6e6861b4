// SPDX-License-Identifier: Apache-2.0

extension Engine {
    // MARK: Sessions

    /// The session's credential was refused: leave it alone, but for one try per `probeAfter`.
    mutating func pauseSession(_ index: Int, _ reason: FailureReason, _ turn: inout Turn) {
        guard !has(.paused, index) else { return }
        change(index) { $0.flags.formUnion([.paused, .wasPaused]) }
        let backend = sessions.records[index].backend
        let until = turn.now + backends[Int(backend)].policy.probeAfter
        turn.emit(.sessionPaused(sessions.handle(at: index), backend: backend, reason: reason, until: until))
    }

    /// The session's credential is not refused any more.
    mutating func resume(_ index: Int, _ turn: inout Turn) {
        guard has(.paused, index) else { return }
        change(index) { $0.flags.remove(.paused) }
        let backend = sessions.records[index].backend
        turn.emit(.sessionResumed(sessions.handle(at: index), backend: backend))
    }

    mutating func credentialChanged(_ session: SessionHandle, _ turn: inout Turn) {
        guard let index = sessions.index(of: session), has(.paused, index), !has(.releasing, index) else { return }
        resume(index, &turn)
        sessions.records[index].flags.remove(.credentialTried)
        if sessions.records[index].place == .timer {
            let record = sessions.records[index]
            let next = record.state == .live ? record.lastActivity + .milliseconds(Int64(record.span)) : turn.now
            arm(index, at: max(next, turn.now))
        }
        probeIfStarved(Int(sessions.records[index].backend), &turn)
    }

    // MARK: Backends

    /// Leaves a backend alone that asks for it: for the time it said, or for one interval.
    mutating func pauseBackend(ifAskedBy outcome: Outcome, _ backend: Int, _ turn: inout Turn) {
        let isTold = outcome.reaction == .pauseBackendIfTold && outcome.retryAfter != nil
        guard outcome.reaction == .pauseBackend || isTold, let reason = outcome.reason else { return }
        let policy = backends[backend].policy
        let asked = outcome.retryAfter ?? backends[backend].cadence.interval
        let until = turn.now + min(max(asked, .seconds(1)), max(policy.probeAfter, .seconds(1)))
        let isPaused = backends[backend].pausedUntil != nil
        if let current = backends[backend].pausedUntil, current >= until { return }
        backends[backend].pausedUntil = until
        armBackend(backend, .pauseEnd, at: until)
        if !isPaused { turn.emit(.backendPaused(backend: BackendIndex(backend), reason: reason, until: until)) }
    }

    mutating func endPause(_ backend: Int, _ turn: inout Turn) {
        backends[backend].pausedUntil = nil
        backends[backend].lastHeldBack = turn.now
        guard !backends[backend].isHeldBack else { return }
        spread(backend, &turn)
    }

    /// Parks the sessions that wait for room, because the backend is disabled or paused now. A cycle that waits for
    /// its next call ends by the one before.
    mutating func shelve(_ backend: Int, _ turn: inout Turn) {
        while let index = backends[backend].urgent.popFirst(in: &sessions) {
            sessions.records[index].place = .nowhere
            shelveSession(index, &turn)
        }
        while let index = backends[backend].waiting.popFirst(in: &sessions) {
            sessions.records[index].place = .nowhere
            shelveSession(index, &turn)
        }
        backends[backend].recoveringUntil = .zero
        backends[backend].fillsRate = false
    }

    private mutating func shelveSession(_ index: Int, _ turn: inout Turn) {
        guard sessions.records[index].isInCycle else {
            sessions.records[index].flags.remove(.backlog)
            place(index, .parked)
            return
        }
        concludeCycle(index, cycles[sessions.records[index].cycle].outcome, mayPause: false, &turn)
    }

    /// Lets the parked sessions have their turns again, those first that are idle longest.
    ///
    /// - Parameter time: over how long they are spread, if the rate of the backend allows it; one interval by default.
    mutating func spread(_ backend: Int, over time: Duration? = nil, _ turn: inout Turn) {
        var backlog: [(lastActivity: Tick, index: Int)] = []
        backlog.reserveCapacity(backends[backend].parked.count)
        while let index = backends[backend].parked.popFirst(in: &sessions) {
            sessions.records[index].place = .nowhere
            backlog.append((sessions.records[index].lastActivity, index))
        }
        guard !backlog.isEmpty else { return }
        backlog.sort { ($0.lastActivity, $0.index) < ($1.lastActivity, $1.index) }
        let fastest = 1000 / backends[backend].spreadRate
        let time = time ?? backends[backend].cadence.interval
        let even = Double(time.wholeMilliseconds) / Double(backlog.count)
        let spacing = max(even, fastest)
        for (position, session) in backlog.enumerated() {
            let wasTouched = has(.touched, session.index)
            arm(session.index, at: turn.now + .milliseconds(Int64(Double(position) * spacing)))
            sessions.records[session.index].flags.insert(wasTouched ? [.backlog, .touched] : .backlog)
        }
        backends[backend].fillsRate = even <= fastest
        backends[backend].recoveringUntil = turn.now + .milliseconds(Int64(Double(backlog.count) * spacing))
    }
}
