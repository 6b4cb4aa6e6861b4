// SPDX-License-Identifier: Apache-2.0

extension Engine {
    /// Somebody disables the backend: nothing is sent, not even probes, until somebody enables it or the time is over.
    mutating func disable(_ backend: Int, until: Tick?, _ turn: inout Turn) {
        guard backends[backend].switchedOff == nil, !backends[backend].isRetired else { return }
        backends[backend].hold = OperatorHold(since: backends[backend].hold?.since ?? turn.now, until: until)
        armHoldEnd(backend)
        turn.emit(.operatorDisabled(backend: BackendIndex(backend), until: until))
        shelve(backend, &turn)
    }

    /// Somebody enables the backend, whoever or whatever disabled it.
    mutating func enable(_ backend: Int, _ turn: inout Turn) {
        let since = [
            backends[backend].hold?.since,
            backends[backend].breaker.state == .closed ? nil : backends[backend].breaker.since,
        ].compactMap(\.self).min()
        guard let since else { return }
        backends[backend].hold = nil
        disarmBackend(backend, .holdEnd)
        if backends[backend].breaker.state != .closed {
            _ = backends[backend].breaker.close(at: turn.now)
            disarmBackend(backend, .probe)
            backends[backend].probing = nil
            backends[backend].isProbeStarved = false
        }
        turn.emit(.reenabled(backend: BackendIndex(backend), .operator, disabledFor: turn.now - since))
        goOn(backend, &turn)
    }

    /// The time for which somebody disabled the backend is over.
    mutating func endHold(_ backend: Int, _ turn: inout Turn) {
        guard let hold = backends[backend].hold else { return }
        backends[backend].hold = nil
        if backends[backend].breaker.state == .closed {
            turn.emit(.reenabled(backend: BackendIndex(backend), .operator, disabledFor: turn.now - hold.since))
        }
        goOn(backend, &turn)
    }

    /// Somebody wants to know whether the backend works: a disabled one is probed now, of an enabled one the session that
    /// would be probed is called now.
    mutating func probe(_ backend: Int, _ turn: inout Turn) {
        guard !isStopping, backends[backend].hold == nil else { return }
        guard backends[backend].breaker.state == .closed else {
            startProbe(backend, &turn)
            return
        }
        guard let index = probeCandidate(backend) else { return }
        takeOut(index)
        sessions.records[index].flags.remove(.touched)
        dispatch(index, &turn)
    }

    /// The session that `Input.probe` calls; nil when there is none.
    package func probeTarget(of backend: BackendIndex) -> SessionHandle? {
        let state = backends[Int(backend)]
        guard !isStopping, state.hold == nil, state.switchedOff == nil else { return nil }
        return state.probing ?? probeCandidate(Int(backend)).map { sessions.handle(at: $0) }
    }

    mutating func armHoldEnd(_ backend: Int) {
        guard let until = backends[backend].hold?.until else { return disarmBackend(backend, .holdEnd) }
        armBackend(backend, .holdEnd, at: until)
    }

    /// What was held back has its turn again, unless something else still holds the backend back.
    private mutating func goOn(_ backend: Int, _ turn: inout Turn) {
        backends[backend].lastHeldBack = turn.now
        if !backends[backend].isHeldBack { spread(backend, &turn) }
        probeIfStarved(backend, &turn)
    }
}
