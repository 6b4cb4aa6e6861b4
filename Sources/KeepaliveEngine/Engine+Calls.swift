// SPDX-License-Identifier: Apache-2.0

extension Engine {
    /// Whether a call of the session is on its way, also one that is to be given up.
    func isCallInFlight(_ index: Int) -> Bool {
        let cycle = sessions.records[index].cycle
        return cycle >= 0 && (cycles[cycle].phase == .inFlight || cycles[cycle].phase == .aborting)
    }

    /// Begins a keepalive; `probe` is the number of the probe that it is, if it is one.
    mutating func startCycle(_ index: Int, probe: Int?, _ turn: inout Turn) {
        let record = sessions.records[index]
        let backend = Int(record.backend)
        let selected: (method: CallMethod, isPingRetry: Bool)
        if let probe {
            selected = (backends[backend].selection.probe(number: probe), false)
        } else {
            selected = backends[backend].selection.first(at: turn.now)
        }
        let attempt = Attempt(
            session: sessions.handle(at: index),
            backend: record.backend,
            method: selected.method,
            purpose: probe != nil ? .probe : record.flags.contains(.recheck) ? .recheck : .scheduled,
            cycle: -1,
            number: 0,
            due: probe != nil ? turn.now : min(record.due, turn.now),
            timeout: .zero
        )
        var cycle = Cycle(attempt: attempt, gapStart: record.lastActivity, started: turn.now, outcome: .success)
        cycle.isPingRetry = selected.isPingRetry
        sessions.records[index].cycle = cycles.insert(cycle)
        sessions.records[index].flags.remove(.recheck)
        startCall(index, backend, &turn)
    }

    /// Makes the call that the cycle's attempt says.
    private mutating func startCall(_ index: Int, _ backend: Int, _ turn: inout Turn) {
        let cycle = sessions.records[index].cycle
        cycles[cycle].phase = .inFlight
        cycles[cycle].started = turn.now
        cycles[cycle].attempt.timeout = backends[backend].timeout(of: cycles[cycle].attempt.method)
        sessions.records[index].lastActivity = turn.now
        backends[backend].admission.start()
        backends[backend].lastAttempt = turn.now
        turn.perform(.call(cycles[cycle].attempt))
    }

    /// Makes the next call of a cycle that waited for room.
    mutating func continueCycle(_ index: Int, _ turn: inout Turn) {
        let cycle = sessions.records[index].cycle
        cycles[cycle].attempt.method = cycles[cycle].nextMethod
        cycles[cycle].attempt.number += 1
        // The one call of a probe is over.
        if cycles[cycle].attempt.purpose == .probe { cycles[cycle].attempt.purpose = .scheduled }
        startCall(index, Int(sessions.records[index].backend), &turn)
    }

    /// Makes another call in the same cycle, as soon as there is room.
    private mutating func followUp(with method: CallMethod, _ index: Int, _ turn: inout Turn) {
        let cycle = sessions.records[index].cycle
        let backend = Int(sessions.records[index].backend)
        cycles[cycle].nextMethod = method
        cycles[cycle].phase = .awaitingRoom
        if backends[backend].urgent.isEmpty, hasRoom(backend, turn.now) {
            continueCycle(index, &turn)
        } else {
            enqueue(index, backend, &turn)
            armRoomTimer(backend, turn.now)
        }
    }

    // MARK: The end of a call

    mutating func finished(_ attempt: Attempt, _ outcome: Outcome, _ turn: inout Turn) {
        guard let index = sessions.index(of: attempt.session), isCallInFlight(index),
            case let cycle = sessions.records[index].cycle, cycle == attempt.cycle,
            cycles[cycle].attempt.number == attempt.number
        else { return }
        let backend = Int(attempt.backend)
        backends[backend].admission.finish()
        cycles[cycle].outcome = outcome
        if outcome.reason == .cancelled {
            endProbe(index, outcome, &turn)
            endCycle(index, outcome, mayPause: false, &turn)
            return
        }
        turn.emit(.called(cycles[cycle].attempt, outcome))
        learn(from: outcome, index, &turn)
        pauseBackend(ifAskedBy: outcome, backend, &turn)
        endProbe(index, outcome, &turn)
        if outcome.isSuccess || !goesOn(index, outcome, &turn) {
            endCycle(index, outcome, mayPause: true, &turn)
        } else {
            drain(backend, &turn)
        }
    }

    /// Takes over what a call says of the backend and its methods.
    private mutating func learn(from outcome: Outcome, _ index: Int, _ turn: inout Turn) {
        let cycle = cycles[sessions.records[index].cycle]
        let backend = Int(cycle.attempt.backend)
        if let ttl = outcome.advertisedTTL { advertise(ttl, backend, &turn) }
        guard outcome.isSuccess else { return }
        backends[backend].lastSuccess = turn.now
        backends[backend].breaker.recordSuccess()
        sessions.records[index].lastSuccess = turn.now
        if cycle.attempt.method == .ping, backends[backend].selection.pingSucceeded() {
            turn.emit(.pingSelected(backend: cycle.attempt.backend))
        }
        if let reason = cycle.fallbackReason, backends[backend].selection.latch(at: turn.now) {
            turn.emit(.fallbackSelected(backend: cycle.attempt.backend, reason: reason))
        }
    }

    /// After a failure: whether the cycle has another call, which is under way then.
    private mutating func goesOn(_ index: Int, _ outcome: Outcome, _ turn: inout Turn) -> Bool {
        let number = sessions.records[index].cycle
        let cycle = cycles[number]
        let backend = Int(cycle.attempt.backend)
        var callsTool = false
        if cycle.attempt.method == .ping {
            callsTool = backends[backend].selection.pingFailed(outcome, isPingRetry: cycle.isPingRetry)
            if callsTool, outcome.reaction == .latchMethod, backends[backend].selection.latch(at: turn.now) {
                turn.emit(.fallbackSelected(backend: cycle.attempt.backend, reason: .methodNotFound))
            }
        }
        guard !isStopping, !backends[backend].isHeldBack,
            sessions.records[index].flags.isDisjoint(with: [.releasing, .locked])
        else { return false }
        if outcome.reaction == .refreshCredential, !cycle.isRefreshed {
            cycles[number].phase = .awaitingCredential
            turn.perform(.refreshCredential(cycle.attempt.session))
            return true
        }
        guard callsTool else { return false }
        cycles[number].fallbackReason = outcome.reason
        followUp(with: .tool, index, &turn)
        return true
    }

    /// The credential of a cycle that was refused, or of an initialization, was read again.
    mutating func credentialRefreshed(_ session: SessionHandle, changed: Bool, _ turn: inout Turn) {
        guard let index = sessions.index(of: session) else { return }
        if has(.awaitingCredential, index) {
            openingCredentialRefreshed(index, changed: changed, &turn)
            return
        }
        let number = sessions.records[index].cycle
        guard number >= 0, cycles[number].phase == .awaitingCredential else { return }
        cycles[number].isRefreshed = true
        let isHeldBack = backends[Int(sessions.records[index].backend)].isHeldBack
        if changed, !isHeldBack {
            followUp(with: cycles[number].attempt.method, index, &turn)
        } else {
            endCycle(index, cycles[number].outcome, mayPause: !changed, &turn)
        }
    }

    // MARK: The end of a cycle

    /// Gives up the call in flight; its end is still awaited.
    mutating func abortCall(_ index: Int, _ turn: inout Turn) {
        let cycle = sessions.records[index].cycle
        guard cycle >= 0, cycles[cycle].phase == .inFlight else { return }
        cycles[cycle].phase = .aborting
        turn.perform(.abort(cycles[cycle].attempt))
    }

    /// Ends a cycle of which nothing is in flight, because somebody else wants the session or the agent stops.
    mutating func cutCycleShort(_ index: Int, _ turn: inout Turn) {
        let cycle = sessions.records[index].cycle
        guard cycle >= 0, !isCallInFlight(index) else { return }
        takeOut(index)
        turn.emit(.cycleEnded(last: cycles[cycle].attempt, .cancelled))
        cycles.remove(cycle)
        sessions.records[index].cycle = -1
        if has(.locked, index) { sessions.records[index].flags.insert(.dueWhileLocked) }
    }

    /// Ends a cycle by its last call, does what the outcome asks for, and lets others have the room.
    mutating func endCycle(_ index: Int, _ outcome: Outcome, mayPause: Bool, _ turn: inout Turn) {
        let backend = Int(sessions.records[index].backend)
        concludeCycle(index, outcome, mayPause: mayPause, &turn)
        afterEnd(backend, &turn)
    }

    /// Ends a cycle by its last call, and does what the outcome asks for.
    mutating func concludeCycle(_ index: Int, _ outcome: Outcome, mayPause: Bool, _ turn: inout Turn) {
        let number = sessions.records[index].cycle
        let cycle = cycles[number]
        takeOut(index)
        countFailure(outcome, cycle, &turn)
        let fate = settleFate(index, cycle, outcome, mayPause: mayPause, &turn)
        turn.emit(.cycleEnded(last: cycle.attempt, outcome))
        cycles.remove(number)
        sessions.records[index].cycle = -1
        settle(index, fate, &turn)
    }

    /// What comes next on a backend after a call or an initialization of it ended.
    mutating func afterEnd(_ backend: Int, _ turn: inout Turn) {
        if backends[backend].isHeldBack { shelve(backend, &turn) } else { drain(backend, &turn) }
        probeIfStarved(backend, &turn)
    }
}

extension Outcome {
    /// The agent gave the call up.
    static let cancelled = Outcome(reason: .cancelled, verdict: .unknown, breaker: .none, reaction: .none)
}
