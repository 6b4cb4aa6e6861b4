// SPDX-License-Identifier: Apache-2.0

extension Engine {
    /// Registers somebody else's session; its first keepalive comes at a random time within the interval, or within what is
    /// left of it since `lastUse`, the last time that its owner sent a request on it.
    package mutating func attach(
        to backend: BackendIndex,
        lastUse: Tick? = nil,
        at now: Tick,
        using random: inout SplitMix64,
        into actions: inout [Action]
    ) -> SessionHandle {
        withTurn(at: now, using: &random, into: &actions) { engine, turn in
            let handle = engine.insert(on: backend, state: .live, flags: [], turn.now)
            engine.sessions.records[Int(handle.index)].lastActivity = min(lastUse ?? turn.now, turn.now)
            let interval = engine.backends[Int(backend)].cadence.interval
            turn.emit(.sessionOpened(handle, backend: backend, .attached, interval: interval))
            if engine.backends[Int(backend)].isRetired {
                engine.release(handle, .configuration, &turn)
            } else if engine.backends[Int(backend)].switchedOff == nil {
                engine.armFirst(Int(handle.index), idle: turn.now - min(lastUse ?? turn.now, turn.now), &turn)
                engine.probeIfStarved(Int(backend), &turn)
            }
            return handle
        }
    }

    /// Registers a session that the agent is to open itself; it is opened as soon as the backend has room.
    package mutating func own(
        on backend: BackendIndex,
        at now: Tick,
        using random: inout SplitMix64,
        into actions: inout [Action]
    ) -> SessionHandle {
        withTurn(at: now, using: &random, into: &actions) { engine, turn in
            let handle = engine.insert(on: backend, state: .unopened, flags: .owned, turn.now)
            if engine.backends[Int(backend)].switchedOff == nil {
                engine.dispatch(Int(handle.index), &turn)
                engine.probeIfStarved(Int(backend), &turn)
            }
            return handle
        }
    }

    mutating func insert(
        on backend: BackendIndex,
        state: SessionRecord.State,
        flags: SessionRecord.Flags,
        _ now: Tick
    ) -> SessionHandle {
        let isOff = backends[Int(backend)].switchedOff != nil
        let handle = sessions.insert(backend: backend, state: isOff ? .notApplicable : state, flags: flags, at: now)
        backends[Int(backend)].counts.add(sessions.records[Int(handle.index)])
        return handle
    }

    /// The session is no longer wanted.
    mutating func release(_ session: SessionHandle, _ reason: ReleaseReason, _ turn: inout Turn) {
        guard let index = sessions.index(of: session), !has(.releasing, index) else { return }
        if isCallInFlight(index) || has(.opening, index) {
            sessions.records[index].flags.insert(.releasing)
            sessions.records[index].releaseReason = reason
            abortCall(index, &turn)
            return
        }
        cutCycleShort(index, &turn)
        retire(index, because: reason, &turn)
    }

    /// Takes a session out whose call, if any, has ended; without a reason it was lost. Whoever wants its lock is told that
    /// it is gone.
    mutating func retire(_ index: Int, because reason: ReleaseReason?, _ turn: inout Turn) {
        let handle = sessions.handle(at: index)
        let backend = Int(sessions.records[index].backend)
        takeOut(index)
        let lock = sessions.records[index].lock
        if lock >= 0 {
            for ticket in locks[lock].waiting { turn.perform(.granted(handle, ticket, false)) }
            locks.remove(lock)
        }
        if let reason { turn.emit(.sessionReleased(handle, backend: BackendIndex(backend), reason)) }
        turn.perform(.retire(handle))
        backends[backend].counts.remove(sessions.records[index])
        sessions.remove(index)
    }

    /// Aborts what is in flight; from now on nothing is started.
    mutating func shutdown(_ turn: inout Turn) {
        guard !isStopping else { return }
        isStopping = true
        for index in sessions.records.indices where sessions.isLive(index) {
            if isCallInFlight(index) { abortCall(index, &turn) } else { cutCycleShort(index, &turn) }
        }
    }
}
