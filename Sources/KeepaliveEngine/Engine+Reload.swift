// SPDX-License-Identifier: Apache-2.0

/// Backends that come, change and go while the agent runs. Nothing here touches any other backend.
extension Engine {
    /// Adds a backend; it takes the place of one that left without a trace, if there is any.
    package mutating func add(
        _ policy: BackendPolicy,
        at now: Tick,
        using random: inout SplitMix64,
        into actions: inout [Action]
    ) -> BackendIndex {
        withTurn(at: now, using: &random, into: &actions) { engine, turn in
            let backend = engine.backends.firstIndex(where: \.isVacant) ?? engine.backends.count
            if backend == engine.backends.count {
                engine.backends.append(Backend(policy: policy, at: turn.now))
            } else {
                engine.backends[backend] = Backend(policy: policy, at: turn.now)
                for timer in BackendTimer.allCases { engine.disarmBackend(backend, timer) }
            }
            if let reason = engine.backends[backend].switchedOff {
                turn.emit(.notApplicable(backend: BackendIndex(backend), reason))
            }
            return BackendIndex(backend)
        }
    }

    /// Takes a backend out of the configuration: nothing is started on it any more, what is in flight is aborted. Attached
    /// sessions are released; owned ones stay until the caller has closed them.
    package mutating func remove(
        _ backend: BackendIndex,
        at now: Tick,
        using random: inout SplitMix64,
        into actions: inout [Action]
    ) {
        withTurn(at: now, using: &random, into: &actions) { engine, turn in
            engine.backends[Int(backend)].isRetired = true
            engine.backends[Int(backend)].probing = nil
            for timer in BackendTimer.allCases { engine.disarmBackend(Int(backend), timer) }
            for index in engine.sessions(on: Int(backend)) {
                guard engine.has(.owned, index) else {
                    engine.release(engine.sessions.handle(at: index), .configuration, &turn)
                    continue
                }
                engine.abortCall(index, &turn)
                engine.cutCycleShort(index, &turn)
                engine.takeOut(index)
            }
        }
    }

    /// Whether a backend was removed, and its last session is gone: `add` may give its index to another one.
    package func isVacant(_ backend: BackendIndex) -> Bool { backends[Int(backend)].isVacant }

    /// Lets a backend go on by another policy.
    ///
    /// - Parameters:
    ///   - isOtherServer: whether its URL is another one; what was learned of the server is then not known any more.
    ///   - isOtherTool: whether the tool that is called is another one.
    package mutating func change(
        _ backend: BackendIndex,
        to policy: BackendPolicy,
        isOtherServer: Bool = false,
        isOtherTool: Bool = false,
        at now: Tick,
        using random: inout SplitMix64,
        into actions: inout [Action]
    ) {
        withTurn(at: now, using: &random, into: &actions) { engine, turn in
            let backend = Int(backend)
            let before = engine.backends[backend]
            let isRenewed = isOtherServer || isOtherTool || policy.method != before.policy.method
            engine.backends[backend].adopt(policy, isOtherServer: isOtherServer)
            let isOff = engine.backends[backend].switchedOff != nil
            if isRenewed || isOff {
                engine.giveUpCalls(backend, &turn)
                engine.closeBreaker(backend, &turn)
            }
            if isOtherServer { engine.forgetPause(backend) }
            if engine.backends[backend].switchedOff != before.switchedOff {
                engine.switchOver(backend, from: before.notApplicable, &turn)
            } else if isOtherServer || policy.stateful != before.policy.stateful {
                engine.detectAgain(backend, &turn)
            }
            if policy.probeAfter < before.policy.probeAfter { engine.shortenWaits(backend, &turn) }
            if engine.backends[backend].cadence.interval < before.cadence.interval { engine.rearm(backend, &turn) }
            engine.goOn(backend, wasHeldBack: before.isHeldBack, &turn)
        }
    }

    private func sessions(on backend: Int) -> [Int] {
        sessions.records.indices.filter { sessions.isLive($0) && Int(sessions.records[$0].backend) == backend }
    }

    /// Aborts the calls that belong to the policy before; they count for nothing, and their sessions are due as
    /// if these had not been made.
    private mutating func giveUpCalls(_ backend: Int, _ turn: inout Turn) {
        for index in sessions(on: backend) where sessions.records[index].isInCycle {
            let cycle = cycles[sessions.records[index].cycle]
            if sessions.records[index].lastActivity == cycle.started {
                sessions.records[index].lastActivity = cycle.gapStart
            }
            if isCallInFlight(index) {
                abortCall(index, &turn)
            } else {
                cutCycleShort(index, &turn)
                arm(index, at: turn.now)
            }
        }
    }

    /// What failed is not what is called from now on.
    private mutating func closeBreaker(_ backend: Int, _ turn: inout Turn) {
        backends[backend].breaker.recordSuccess()
        guard backends[backend].breaker.state != .closed else { return }
        backends[backend].probing = nil
        backends[backend].isProbeStarved = false
        disarmBackend(backend, .probe)
        let disabledFor = backends[backend].breaker.close(at: turn.now)
        // While somebody holds it disabled it is not enabled, only no longer disabled by failures.
        guard backends[backend].hold == nil else { return }
        turn.emit(.reenabled(backend: BackendIndex(backend), .reload, disabledFor: disabledFor))
    }

    private mutating func forgetPause(_ backend: Int) {
        backends[backend].pausedUntil = nil
        disarmBackend(backend, .pauseEnd)
    }

    /// The policy rules keepalive out now, or does no longer.
    private mutating func switchOver(_ backend: Int, from reason: NotApplicableReason?, _ turn: inout Turn) {
        let switchedOff = backends[backend].switchedOff
        backends[backend].notApplicable = switchedOff
        if let switchedOff {
            if switchedOff != reason { turn.emit(.notApplicable(backend: BackendIndex(backend), switchedOff)) }
        } else {
            turn.emit(.applicable(backend: BackendIndex(backend)))
        }
        for index in sessions(on: backend) {
            if switchedOff != nil { switchOff(index, &turn) } else { switchOn(index, &turn) }
        }
    }

    private mutating func switchOff(_ index: Int, _ turn: inout Turn) {
        resume(index, &turn)
        takeOut(index)
        change(index) { record in
            record.state = .notApplicable
            record.flags.subtract([.lastSucceeded, .lastFailed, .wasPaused, .recheck, .touched, .backlog])
        }
    }

    private mutating func switchOn(_ index: Int, _ turn: inout Turn) {
        let isOwned = has(.owned, index)
        change(index) { $0.state = isOwned ? .unopened : .live }
        if sessions.records[index].isBusy { return }
        if isOwned { arm(index, at: turn.now) } else { armFirst(index, &turn) }
    }

    /// Looks again at sessions on which keepalive made no sense.
    private mutating func detectAgain(_ backend: Int, _ turn: inout Turn) {
        for index in sessions(on: backend) {
            let record = sessions.records[index]
            if record.state == .notApplicable, record.place == .timer { arm(index, at: turn.now) }
        }
    }

    /// Nothing waits longer than a shorter `probeAfter` says.
    private mutating func shortenWaits(_ backend: Int, _ turn: inout Turn) {
        let limit = turn.now + backends[backend].policy.probeAfter
        let breaker = backends[backend].breaker
        if breaker.state == .open, breaker.nextProbe > limit, !backends[backend].isProbeStarved {
            let nextProbe = drawProbe(backend, &turn)
            backends[backend].breaker.postpone(to: nextProbe)
            armBackend(backend, .probe, at: nextProbe)
        }
        if let pausedUntil = backends[backend].pausedUntil, pausedUntil > limit {
            backends[backend].pausedUntil = limit
            armBackend(backend, .pauseEnd, at: limit)
        }
        for index in sessions(on: backend) {
            let record = sessions.records[index]
            if record.flags.contains(.paused), record.place == .timer, record.due > limit { arm(index, at: limit) }
        }
    }

    /// Uses what room there is by the policy of now.
    private mutating func goOn(_ backend: Int, wasHeldBack: Bool, _ turn: inout Turn) {
        if !backends[backend].isHeldBack {
            if wasHeldBack {
                backends[backend].lastHeldBack = turn.now
                spread(backend, &turn)
            }
            drain(backend, &turn)
        }
        probeIfStarved(backend, &turn)
    }
}
