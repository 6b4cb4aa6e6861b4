// SPDX-License-Identifier: Apache-2.0

extension Engine {
    /// A timer in the wheel fires up to this much before its deadline.
    private static let earliness: Duration = .milliseconds(TimerWheel.slotWidth)

    func has(_ flag: SessionRecord.Flags, _ index: Int) -> Bool {
        sessions.records[index].flags.contains(flag)
    }

    /// Changes what the session is counted by.
    mutating func change(_ index: Int, _ body: (inout SessionRecord) -> Void) {
        let backend = Int(sessions.records[index].backend)
        backends[backend].counts.remove(sessions.records[index])
        body(&sessions.records[index])
        backends[backend].counts.add(sessions.records[index])
    }

    // MARK: Time

    mutating func tick(_ turn: inout Turn) {
        guard !isStopping else { return }
        var batch: [Int32] = []
        swap(&batch, &expired)
        backendTimers.expire(through: turn.now, into: &batch)
        for timer in batch { backendTimerFired(timer, &turn) }
        batch.removeAll(keepingCapacity: true)
        sessionTimers.expire(through: turn.now, into: &batch)
        for timer in batch {
            let index = Int(timer)
            // Whatever the sessions before it in the batch led to may have put it elsewhere.
            guard sessions.records[index].place == .timer, !sessionTimers.isArmed(timer) else { continue }
            sessions.records[index].place = .nowhere
            dispatch(index, &turn)
        }
        batch.removeAll(keepingCapacity: true)
        swap(&batch, &expired)
    }

    /// The owner of a session sent a request on it. The timer stays: when it fires, this is looked at.
    mutating func activity(_ session: SessionHandle, at now: Tick) {
        guard let index = sessions.index(of: session), now >= sessions.records[index].lastActivity else { return }
        sessions.records[index].lastActivity = now
        sessions.records[index].flags.insert(.touched)
        if !has(.paused, index) { sessions.records[index].flags.remove(.wasPaused) }
    }

    // MARK: Being due

    /// Lets a due session have its turn, now or as soon as that is possible.
    mutating func dispatch(_ index: Int, _ turn: inout Turn) {
        let backend = Int(sessions.records[index].backend)
        // Its last call may have ended after the backend was switched off.
        guard !isStopping, backends[backend].switchedOff == nil, mayGoOn(index, &turn) else { return }
        if backends[backend].isHeldBack {
            place(index, .parked)
            probeIfStarved(backend, &turn)
            return
        }
        guard !mustQueue(index, backend, turn.now) else {
            enqueue(index, backend, &turn)
            armRoomTimer(backend, turn.now)
            return
        }
        begin(index, &turn)
    }

    /// Whether a due session is to be called after all: it is skipped where it is locked or was used.
    private mutating func mayGoOn(_ index: Int, _ turn: inout Turn) -> Bool {
        let record = sessions.records[index]
        let handle = sessions.handle(at: index)
        if record.flags.contains(.locked) {
            if record.state == .live {
                turn.emit(.skipped(handle, backend: record.backend, .lockHeld))
            }
            sessions.records[index].flags.insert(.dueWhileLocked)
            arm(index, at: turn.now + backends[Int(record.backend)].cadence.interval)
            return false
        }
        guard record.state == .live, record.flags.isDisjoint(with: [.paused, .recheck]),
            record.flags.contains(.touched)
        else { return true }
        let next = record.lastActivity + longest(record)
        guard next > turn.now + Self.earliness else { return true }
        turn.emit(.skipped(handle, backend: record.backend, .recentActivity))
        arm(index, at: next)
        return false
    }

    /// The interval that was drawn for the session, or the backend's where that was shortened since.
    private func longest(_ record: SessionRecord) -> Duration {
        .milliseconds(min(Int64(record.span), backends[Int(record.backend)].cadence.intervalMilliseconds))
    }

    /// Starts the call or the initialization that is due.
    private mutating func begin(_ index: Int, _ turn: inout Turn) {
        sessions.records[index].flags.remove(.backlog)
        if sessions.records[index].state == .live {
            startCycle(index, probe: nil, &turn)
        } else {
            startOpening(index, &turn)
        }
    }

    // MARK: Waiting for room

    private mutating func mustQueue(_ index: Int, _ backend: Int, _ now: Tick) -> Bool {
        if !backends[backend].urgent.isEmpty { return true }
        if !has(.backlog, index) {
            if !backends[backend].waiting.isEmpty { return true }
            if backends[backend].isSaturated(at: now) { return true }
        }
        return !hasRoom(backend, now)
    }

    mutating func hasRoom(_ backend: Int, _ now: Tick) -> Bool {
        let rate = backends[backend].rate(at: now)
        return backends[backend].admission.hasRoom(at: now, rate: rate)
    }

    mutating func enqueue(_ index: Int, _ backend: Int, _ turn: inout Turn) {
        let record = sessions.records[index]
        let isUrgent = record.isInCycle || record.flags.contains(.backlog)
        place(index, isUrgent ? .urgent : .waiting)
        if !record.isInCycle, record.state == .live {
            turn.emit(.skipped(sessions.handle(at: index), backend: record.backend, .rateLimited))
        }
    }

    /// Serves the queues of a backend as far as there is room.
    mutating func drain(_ backend: Int, _ turn: inout Turn) {
        guard !isStopping, !backends[backend].isHeldBack else { return }
        while let index = nextQueued(backend, turn.now), hasRoom(backend, turn.now) {
            takeOut(index)
            if sessions.records[index].isInCycle {
                continueCycle(index, &turn)
            } else if mayGoOn(index, &turn) {
                begin(index, &turn)
            }
        }
        backends[backend].endRecovery(at: turn.now)
        armRoomTimer(backend, turn.now)
    }

    private func nextQueued(_ backend: Int, _ now: Tick) -> Int? {
        if !backends[backend].urgent.isEmpty { return Int(backends[backend].urgent.head) }
        if backends[backend].waiting.isEmpty || backends[backend].isSaturated(at: now) { return nil }
        return Int(backends[backend].waiting.head)
    }

    /// Makes sure that the queues are looked at when the next token comes. A slot tells by itself that it got free.
    mutating func armRoomTimer(_ backend: Int, _ now: Tick) {
        guard !backends[backend].urgent.isEmpty || !backends[backend].waiting.isEmpty else { return }
        if nextQueued(backend, now) == nil {
            armBackend(backend, .room, at: backends[backend].recoveringUntil)
        } else if backends[backend].admission.hasSlot(at: now) {
            let rate = backends[backend].rate(at: now)
            armBackend(backend, .room, at: backends[backend].admission.nextToken(at: now, rate: rate))
        }
    }

    // MARK: Places

    mutating func place(_ index: Int, _ place: SessionRecord.Place) {
        takeOut(index)
        let backend = Int(sessions.records[index].backend)
        sessions.records[index].place = place
        switch place {
        case .waiting: backends[backend].waiting.append(index, in: &sessions)
        case .urgent: backends[backend].urgent.append(index, in: &sessions)
        case .parked: backends[backend].parked.append(index, in: &sessions)
        case .nowhere, .timer: break
        }
    }

    /// Takes the session out of the wheel or the queue that it is in.
    mutating func takeOut(_ index: Int) {
        let backend = Int(sessions.records[index].backend)
        switch sessions.records[index].place {
        case .nowhere: return
        case .timer: sessionTimers.disarm(Int32(index))
        case .waiting: backends[backend].waiting.remove(index, in: &sessions)
        case .urgent: backends[backend].urgent.remove(index, in: &sessions)
        case .parked: backends[backend].parked.remove(index, in: &sessions)
        }
        sessions.records[index].place = .nowhere
    }

    /// Lets the session be due at `deadline`.
    mutating func arm(_ index: Int, at deadline: Tick) {
        if sessions.records[index].place != .timer { takeOut(index) }
        sessions.records[index].place = .timer
        sessions.records[index].due = deadline
        sessions.records[index].flags.subtract([.touched, .backlog])
        sessionTimers.arm(Int32(index), at: deadline)
    }

    /// Lets the session be due one interval, shortened by chance, after its last activity.
    mutating func armNext(_ index: Int, _ turn: inout Turn) {
        let span = backends[Int(sessions.records[index].backend)].cadence.span(using: &turn.random)
        sessions.records[index].span = span
        arm(index, at: sessions.records[index].lastActivity.advanced(byMilliseconds: Int64(span)))
    }

    /// Lets a new session be due at a random time within one interval, or what is left of it.
    mutating func armFirst(_ index: Int, idle: Duration = .zero, _ turn: inout Turn) {
        let span = backends[Int(sessions.records[index].backend)].cadence.span(using: &turn.random)
        sessions.records[index].span = span
        let rest = UInt32(max(0, Int64(span) - idle.wholeMilliseconds))
        arm(index, at: turn.now + Cadence.firstPhase(within: rest, using: &turn.random))
    }
}
