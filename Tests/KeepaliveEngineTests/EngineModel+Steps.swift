// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting

extension EngineModel {
    /// Every kind of failure that the classification knows.
    static let failures: [Outcome] =
        FailureReason.counted.map { .failure($0) } + [
            .failure(.methodNotFound, reaction: .latchMethod),
            .failure(.sessionExpired, reaction: .recheckSession),
            .failure(.sessionExpired, reaction: .stopSession),
            .failure(.http5xx, reaction: .pauseBackendIfTold, retryAfter: .seconds(4)),
            .failure(.rateLimited, retryAfter: .seconds(7)),
        ]

    func randomOutcome() -> Outcome {
        if roll(10) < 6 { return .success }
        // Losses are half of the failures that are drawn most often, so that all paths after them are taken.
        return Self.failures[roll(Self.failures.count)]
    }

    private func randomOpening() -> OpeningResult {
        switch roll(10) {
        case 0: .stateless
        case 1: .modern
        case 2...3: .failed(Self.failures[roll(Self.failures.count)])
        case 4: .stateful(advertisedTTL: .seconds(12))
        default: .stateful(advertisedTTL: nil)
        }
    }

    /// One thing happens.
    func happen() throws {
        step += 1
        let sessions = alive.keys.inOrder
        let session = sessions.isEmpty ? nil : sessions[roll(sessions.count)]
        if reloads, roll(25) == 0 { try reload() }
        switch roll(100) {
        case 0..<3: if alive.count < 30 { try attach(to: configured[roll(configured.count)]) }
        case 3..<5: if alive.count < 30 { try own(on: configured[roll(configured.count)]) }
        case 5..<7: if let session, alive.count > 15 { try release(session) }
        case 8..<12: if let session { try lock(session) }
        case 12..<18: try unlockSomething()
        case 18..<24: if let session { try send(.activity(session, at: now)) }
        case 24..<26: if let session { try send(.credentialChanged(session)) }
        case 26..<32: try answerRefresh()
        case 32..<36: try finishSomeOpening()
        case 36..<60: try finishSomeCall()
        case 60..<62: try sendStaleInput()
        case 62..<63: try pass(milliseconds: Int64(roll(200_000)))
        case 63..<64: if roll(8) == 0 { try pass(milliseconds: 90_000_000) }
        case 64..<66: try operate()
        case 66..<75: try pass(milliseconds: Int64(roll(2000)))
        default: try passToDeadline()
        }
        if step % 4 == 0 { try checkNothingIsLost() }
    }

    /// Somebody does something by hand.
    private func operate() throws {
        let backend = BackendIndex(roll(3))
        switch roll(6) {
        case 0: try send(.disable(backend, until: nil))
        case 1: try send(.disable(backend, until: now + .milliseconds(Int64(roll(60_000)))))
        case 2: try send(.probe(backend))
        default: try send(.enable(backend))
        }
    }

    private func release(_ session: SessionHandle) throws {
        doomed.insert(session)
        try send(.release(session, .unlisted))
    }

    func lock(_ session: SessionHandle) throws {
        nextTicket += 1
        let ticket = LockTicket(rawValue: nextTicket)
        wanting[session, default: []].append(ticket)
        try send(.lock(session, ticket))
    }

    private func unlockSomething() throws {
        let waiting = wanting.keys.inOrder.first { wanting[$0]?.isEmpty == false }
        if let waiting, roll(4) == 0, let ticket = wanting[waiting]?.last {
            wanting[waiting]?.removeLast()
            try send(.unlock(waiting, ticket, .unchanged))
            return
        }
        let held = holders.keys.inOrder
        guard !held.isEmpty, case let session = held[roll(held.count)], let ticket = holders[session] else { return }
        holders[session] = nil
        let results: [LockResult] = [.unchanged, .replaced, .unchanged, .replaced, .closed(.deleted)]
        let result = closing.contains(session) ? .closed(.deleted) : results[roll(5)]
        if result == .closed(.deleted) { doomed.insert(session) }
        try send(.unlock(session, ticket, result))
    }

    private func answerRefresh() throws {
        guard !refreshing.isEmpty else { return }
        try send(.credentialRefreshed(refreshing.remove(at: roll(refreshing.count)), changed: roll(2) == 0))
    }

    private func finishSomeOpening() throws {
        guard let session = opening.keys.inOrder.first else { return }
        try finishOpening(session, randomOpening())
    }

    private func finishSomeCall() throws {
        let calls = inFlight.keys.inOrder.compactMap { inFlight[$0] }
        guard !calls.isEmpty else { return }
        let attempt = calls[roll(calls.count)]
        let isUnwanted = doomed.contains(attempt.session) || wanting[attempt.session, default: []].isEmpty == false
        try finish(attempt, isUnwanted && roll(2) == 0 ? .failure(.cancelled) : randomOutcome())
    }

    private func sendStaleInput() throws {
        guard !dead.isEmpty else { return }
        let handle = dead[roll(dead.count)]
        switch roll(7) {
        case 0: try send(.activity(handle, at: now))
        case 1: try send(.release(handle, .unlisted))
        case 2: try send(.opened(handle, .stateful(advertisedTTL: nil)))
        case 3: try send(.credentialRefreshed(handle, changed: true))
        case 4: try send(.unlock(handle, LockTicket(rawValue: 1), .replaced))
        case 5: try send(.credentialChanged(handle))
        default: try lock(handle)
        }
        try check(wanting[handle, default: []].isEmpty, "leaves a lock of a dead session unanswered")
    }

    func pass(milliseconds: Int64) throws {
        now = now + .milliseconds(milliseconds)
        try send(.tick)
    }

    func passToDeadline() throws {
        guard let deadline = engine.nextDeadline else { return }
        try check(deadline.milliseconds > now.milliseconds - 10_000 || step < 10, "the next deadline does not move on")
        now = max(now, deadline)
        try send(.tick)
    }

    // MARK: What must hold all the time

    func checkNothingIsLost() throws {
        for (session, backend) in alive {
            let status = engine.status(of: session)
            guard let status else { return try check(false, "an unknown session") }
            let isLocked = holders[session] != nil || !wanting[session, default: []].isEmpty
            let isBusy = inFlight[session] != nil || opening[session] != nil || refreshing.contains(session)
            guard !isLocked, !isBusy, !isStopped, !removed.contains(backend) else { continue }
            try check(!status.isLocked, "a lock that nobody wants")
            let policy = policies[Int(backend)]
            let state = engine.status(of: backend)
            switch status.activity {
            case .none:
                try check(Self.isOff(policy) && status.state == .notApplicable, "a session that nothing happens to")
            case .busy: try check(openCycles.values.contains(session), "busy with nothing")
            case .waiting: try check(!disabled.contains(backend), "waits for a disabled backend")
            case .parked:
                try check(
                    disabled.contains(backend) || state.pausedUntil != nil || state.hold != nil,
                    "parked by an enabled backend"
                )
                try check(state.hold == nil || heldUntil[backend] != nil, "held by nobody")
            case .due(let due):
                let spread = Double(largestCount[backend] ?? 0) / min(20, policy.maxRequestsPerSecond ?? 20)
                var longest = max(state.interval, .milliseconds(Int64(spread * 1000)))
                if status.isPaused { longest = max(longest, policy.probeAfter) }
                if status.state == .unopened { longest = max(longest, Backoff.longest) }
                if status.state == .notApplicable { longest = Engine.notApplicableRecheck }
                // The TTL of some backends is learned late; the interval then was the configured one.
                longest = max(longest, policy.interval, longestInterval[backend] ?? .zero)
                try check(due <= now + longest, "due in \(due - now), not within \(longest)")
            }
        }
        for backend in policies.indices {
            let count = alive.values.count { $0 == BackendIndex(backend) }
            try check(engine.status(of: BackendIndex(backend)).sessions.total == count, "wrong count of sessions")
        }
    }

    // MARK: The end

    /// Lets all calls succeed from now on, and checks that every session is called within the time promised.
    func recover() throws {
        for backend in Self.policies.indices { try send(.enable(BackendIndex(backend))) }
        try unlockAll()
        while let session = wanting.keys.inOrder.first(where: { wanting[$0]?.isEmpty == false }) {
            let tickets = wanting[session, default: []]
            guard let holder = holders[session] else {
                // Granted as soon as the call in flight ended.
                if let attempt = inFlight[session] { try finish(attempt, .failure(.cancelled)) }
                if opening[session] != nil { try finishOpening(session, .stateful(advertisedTTL: nil)) }
                if refreshing.contains(session) { try answerAllRefreshes() }
                try check(wanting[session]?.count != tickets.count, "never grants")
                continue
            }
            holders[session] = nil
            try send(.unlock(session, holder, .unchanged))
        }
        try unlockAll()
        let start = now
        let end = now + .seconds(400)
        try settleAll()
        while now < end, let deadline = engine.nextDeadline, deadline < end {
            try passToDeadline()
            try settleAll()
        }
        for (session, backend) in alive where engine.status(of: session)?.state != .notApplicable {
            if removed.contains(backend) { continue }
            try check((successes[session] ?? .zero) > start, "\(session) is never called again")
        }
    }

    private func unlockAll() throws {
        for session in holders.keys.inOrder {
            guard let ticket = holders.removeValue(forKey: session) else { continue }
            try send(.unlock(session, ticket, .unchanged))
        }
    }

    private func answerAllRefreshes() throws {
        while let session = refreshing.popLast() { try send(.credentialRefreshed(session, changed: true)) }
    }

    private func settleAll() throws {
        while !inFlight.isEmpty || !opening.isEmpty || !refreshing.isEmpty {
            for attempt in inFlight.keys.inOrder.compactMap({ inFlight[$0] }) { try finish(attempt, .success) }
            for session in opening.keys.inOrder { try finishOpening(session, .stateful(advertisedTTL: nil)) }
            try answerAllRefreshes()
        }
    }

    /// Stops the agent, and checks that nothing is started and every call is accounted for.
    func stop() throws {
        try send(.shutdown)
        isStopped = true
        for attempt in inFlight.keys.inOrder.compactMap({ inFlight[$0] }) { try finish(attempt, .failure(.cancelled)) }
        for session in opening.keys.inOrder { try finishOpening(session, .failed(.failure(.cancelled))) }
        try answerAllRefreshes()
        try pass(milliseconds: 10_000_000)
        try check(openCycles.isEmpty, "a cycle that never ends")
        try check(engine.nextDeadline == nil, "a deadline after the end")
    }
}

extension Sequence<SessionHandle> {
    /// In an order that every process finds, unlike that of a dictionary: a seed leads the same way each time.
    var inOrder: [SessionHandle] { sorted { ($0.index, $0.generation) < ($1.index, $1.generation) } }
}
