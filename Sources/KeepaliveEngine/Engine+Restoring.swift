// SPDX-License-Identifier: Apache-2.0

extension Engine {
    /// Registers a session of somebody else that was registered before the agent was started anew.
    ///
    /// It is due one interval after its last activity: between now and one interval from now, whatever the clocks said.
    /// Those that are overdue wait for `endRestoring`.
    package mutating func attach(
        to backend: BackendIndex,
        with history: SessionHistory,
        at now: Tick,
        using random: inout SplitMix64,
        into actions: inout [Action]
    ) -> SessionHandle {
        withTurn(at: now, using: &random, into: &actions) { engine, turn in
            let handle = engine.insert(on: backend, state: .live, flags: [], turn.now)
            let index = Int(handle.index)
            engine.sessions.records[index].lastActivity = min(history.lastActivity, turn.now)
            if let success = history.lastSuccess {
                engine.sessions.records[index].lastSuccess = max(.zero, min(success, turn.now))
                engine.sessions.records[index].flags.insert(.lastSucceeded)
            }
            let interval = engine.backends[Int(backend)].cadence.interval
            turn.emit(.sessionOpened(handle, backend: backend, .attached, interval: interval))
            guard engine.backends[Int(backend)].switchedOff == nil else { return handle }
            engine.armNext(index, &turn)
            if engine.sessions.records[index].due <= turn.now {
                engine.place(index, .parked)
                // Nobody kept it alive meanwhile: should it be lost, that was why.
                engine.sessions.records[index].flags.insert(.wasPaused)
            }
            return handle
        }
    }

    /// Takes over what is known of a backend; to be called before its sessions are attached. Nothing is told: it was
    /// told when it happened.
    package mutating func restore(_ history: BackendHistory, of backend: BackendIndex, at now: Tick) {
        let index = Int(backend)
        guard backends[index].switchedOff == nil else { return }
        backends[index].lastSuccess = history.lastSuccess.map { min($0, now) }
        if let since = history.fallbackSince { _ = backends[index].selection.latch(at: min(since, now)) }
        if let hold = history.hold {
            backends[index].hold = OperatorHold(since: min(hold.since, now), until: hold.until.map { max($0, now) })
            armHoldEnd(index)
        }
        if let disabled = history.disabled {
            let latest = now + backends[index].policy.probeAfter
            let nextProbe = min(max(disabled.nextProbe, now), latest)
            backends[index].breaker.open(for: disabled.reason, at: min(disabled.since, now), nextProbe: nextProbe)
            backends[index].isAfterOutage = true
            armBackend(index, .probe, at: nextProbe)
        }
    }

    /// All sessions are there again: those that are overdue have their turns now, those first that expire first, and no
    /// faster than the backend's rate.
    package mutating func endRestoring(at now: Tick, using random: inout SplitMix64, into actions: inout [Action]) {
        withTurn(at: now, using: &random, into: &actions) { engine, turn in
            for backend in engine.backends.indices where !engine.backends[backend].isHeldBack {
                engine.spread(backend, over: .zero, &turn)
            }
        }
    }
}
