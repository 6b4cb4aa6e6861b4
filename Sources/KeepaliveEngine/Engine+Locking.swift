// SPDX-License-Identifier: Apache-2.0

extension Engine {
    /// Somebody wants the session for itself. A keepalive in flight is given up for it.
    mutating func lock(_ session: SessionHandle, _ ticket: LockTicket, _ turn: inout Turn) {
        guard let index = sessions.index(of: session) else {
            turn.perform(.granted(session, ticket, false))
            return
        }
        sessions.records[index].flags.insert(.locked)
        if isCallInFlight(index) {
            abortCall(index, &turn)
        } else {
            cutCycleShort(index, &turn)
        }
        if sessions.records[index].lock < 0 { sessions.records[index].lock = locks.insert() }
        let lock = sessions.records[index].lock
        if locks[lock].acquire(ticket, isShared: sessions.records[index].isBusy) {
            turn.perform(.granted(session, ticket, true))
        }
    }

    /// Grants the lock to the next who wants it, if nothing of the session is under way.
    mutating func grantLock(_ index: Int, _ turn: inout Turn) {
        let lock = sessions.records[index].lock
        guard lock >= 0, !sessions.records[index].isBusy, let ticket = locks[lock].grantNext() else { return }
        turn.perform(.granted(sessions.handle(at: index), ticket, true))
    }

    mutating func unlock(
        _ session: SessionHandle,
        _ ticket: LockTicket,
        _ result: LockResult,
        _ turn: inout Turn
    ) {
        guard let index = sessions.index(of: session) else { return }
        let lock = sessions.records[index].lock
        guard lock >= 0 else { return }
        let backend = Int(sessions.records[index].backend)
        if locks[lock].release(ticket) {
            switch result {
            case .closed(let reason):
                retire(index, because: reason, &turn)
                return
            case .replaced: replaced(index, &turn)
            case .unchanged: break
            }
            grantLock(index, &turn)
        }
        guard locks[lock].isFree else { return }
        locks.remove(lock)
        sessions.records[index].lock = -1
        sessions.records[index].flags.remove(.locked)
        catchUp(index, &turn)
        probeIfStarved(backend, &turn)
    }

    /// The session has a new id.
    private mutating func replaced(_ index: Int, _ turn: inout Turn) {
        guard backends[Int(sessions.records[index].backend)].switchedOff == nil else { return }
        resume(index, &turn)
        if sessions.records[index].state == .live {
            sessions.records[index].lastActivity = turn.now
            sessions.records[index].flags
                .subtract([.lastSucceeded, .lastFailed, .wasPaused, .recheck, .dueWhileLocked])
        } else {
            becomeLive(index, &turn)
            sessions.records[index].flags.remove(.dueWhileLocked)
        }
        armNext(index, &turn)
    }

    /// Makes up for what was missed during the lock.
    private mutating func catchUp(_ index: Int, _ turn: inout Turn) {
        guard has(.dueWhileLocked, index) else { return }
        sessions.records[index].flags.remove(.dueWhileLocked)
        let record = sessions.records[index]
        guard !record.isBusy, record.place == .timer || record.place == .nowhere else { return }
        let isUsed = record.state == .live && record.flags.contains(.touched)
        let next = isUsed ? record.lastActivity + .milliseconds(Int64(record.span)) : turn.now
        arm(index, at: max(next, turn.now))
    }
}
