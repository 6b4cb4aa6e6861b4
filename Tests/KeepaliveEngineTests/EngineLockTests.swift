// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct EngineLockTests {
    private let one = LockTicket(rawValue: 1)
    private let two = LockTicket(rawValue: 2)

    private func granted(_ agent: VirtualAgent) -> [LockTicket] {
        agent.grants.filter(\.value.isGranted).map(\.value.ticket)
    }

    private func refused(_ agent: VirtualAgent) -> [LockTicket] {
        agent.grants.filter { !$0.value.isGranted }.map(\.value.ticket)
    }

    @Test func `an idle session is granted at once`() {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.attach()
        agent.send(.lock(session, one))
        #expect(granted(agent) == [one])
        #expect(agent.engine.status(of: session)?.isLocked == true)
    }

    @Test func `a call in flight is aborted, not counted, and made up for`() throws {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.attach()
        agent.answer = { _, _ in nil }
        _ = agent.run(atMost: .seconds(300)) { $0.calls.count == 1 }
        agent.send(.lock(session, one))
        #expect(granted(agent).isEmpty)
        agent.run(for: .zero)
        #expect(granted(agent) == [one])
        let attempt = try #require(agent.aborts.first?.value)
        #expect(agent.told.contains(.cycleEnded(last: attempt, .failure(.cancelled))))
        #expect(agent.count { if case .called = $0 { true } else { false } } == 0)
        agent.run(for: .seconds(30))
        agent.send(.unlock(session, one, .unchanged))
        agent.run(for: .milliseconds(20))
        #expect(agent.calls.count == 2, "it had been due")
    }

    @Test func `a call is aborted once, however many want the lock`() throws {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.attach()
        agent.answer = { _, _ in nil }
        _ = agent.run(atMost: .seconds(300)) { $0.calls.count == 1 }
        agent.send(.lock(session, one))
        agent.send(.lock(session, two))
        agent.send(.release(session, .unlisted))
        #expect(agent.aborts.count == 1)
        agent.run(for: .zero)
        #expect(refused(agent) == [one, two])
    }

    @Test func `a call that ended before it could be aborted counts`() {
        let agent = VirtualAgent(fallbackPolicy { $0.failureThreshold = 1 })
        let session = agent.attach()
        agent.answer = { _, _ in nil }
        _ = agent.run(atMost: .seconds(300)) { $0.calls.count == 1 }
        let attempt = agent.inFlight[0]
        agent.send(.lock(session, one))
        agent.send(.finished(attempt, .failure(.timeout)))
        #expect(agent.count { if case .called = $0 { true } else { false } } == 1)
        #expect(agent.calls.count == 1, "and gets no fallback any more")
        #expect(granted(agent) == [one])
    }

    @Test func `keepalives are skipped while the lock is held and made up for after it`() {
        let agent = VirtualAgent(policy { $0.interval = .seconds(10) })
        let session = agent.attach()
        agent.send(.lock(session, one))
        agent.run(for: .seconds(60))
        #expect(agent.calls.isEmpty)
        #expect((5...7).contains(agent.skips(.lockHeld)))
        agent.send(.unlock(session, one, .unchanged))
        agent.run(for: .milliseconds(20))
        #expect(agent.calls.count == 1)
    }

    @Test func `a replaced session counts as used just now`() {
        let agent = VirtualAgent(policy { $0.interval = .seconds(10) })
        let session = agent.attach()
        agent.send(.lock(session, one))
        agent.run(for: .seconds(60))
        agent.send(.unlock(session, one, .replaced))
        agent.run(for: .seconds(8.9))
        #expect(agent.calls.isEmpty)
        agent.run(for: .seconds(1.1))
        #expect(agent.calls.count == 1)
    }

    @Test func `a replaced session is not paused any more`() {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.attach()
        agent.answer = { _, _ in (.failure(.forbidden), .milliseconds(5)) }
        agent.run(for: .seconds(301))
        agent.send(.lock(session, one))
        agent.send(.unlock(session, one, .replaced))
        #expect(agent.engine.status(of: 0).sessions.active == 1)
        agent.run(for: .seconds(300))
        #expect(agent.calls.count == 2)
    }

    @Test func `an owned session that somebody opened is open`() {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.own()
        agent.opening = { _, _ in (.failed(.failure(.connect)), .milliseconds(5)) }
        agent.run(for: .seconds(5))
        agent.send(.lock(session, one))
        agent.send(.unlock(session, one, .replaced))
        let openings = agent.openings.count
        agent.run(for: .seconds(300))
        #expect(agent.openings.count == openings)
        #expect(agent.calls.count == 1)
    }

    @Test func `several are served in order, and the rest is told when it is closed`() {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.attach()
        let three = LockTicket(rawValue: 3)
        for ticket in [one, two, three] { agent.send(.lock(session, ticket)) }
        agent.send(.unlock(session, one, .replaced))
        #expect(granted(agent) == [one, two])
        agent.send(.unlock(session, two, .closed(.deleted)))
        #expect(refused(agent) == [three])
        #expect(agent.retired.map(\.value) == [session])
        agent.send(.lock(session, LockTicket(rawValue: 4)))
        #expect(refused(agent).count == 2)
    }

    @Test func `who gives up waiting leaves the session free`() {
        let agent = VirtualAgent(policy { $0.interval = .seconds(10) })
        let session = agent.attach()
        agent.answer = { _, _ in nil }
        _ = agent.run(atMost: .seconds(10)) { $0.calls.count == 1 }
        agent.send(.lock(session, one))
        agent.send(.unlock(session, one, .unchanged))
        agent.answer = { _, _ in (.success, .milliseconds(5)) }
        agent.run(for: .seconds(20))
        #expect(granted(agent).isEmpty)
        #expect(agent.calls.count >= 2)
        #expect(agent.engine.status(of: session)?.isLocked == false)
    }

    @Test func `a release with a call in flight aborts it and retires after its end`() {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.attach()
        agent.answer = { _, _ in nil }
        _ = agent.run(atMost: .seconds(300)) { $0.calls.count == 1 }
        agent.send(.release(session, .unlisted))
        agent.send(.lock(session, one))
        #expect(agent.retired.isEmpty && agent.grants.isEmpty)
        agent.run(for: .zero)
        #expect(agent.retired.map(\.value) == [session])
        #expect(refused(agent) == [one])
        #expect(agent.told.last == .sessionReleased(session, backend: 0, .unlisted))
        agent.run(for: .seconds(1000))
        #expect(agent.calls.count == 1)
    }

    @Test func `a lock ends a cycle that waits for a credential`() {
        var engine = Engine(policies: [BackendPolicy()], startingAt: .zero)
        var random = SplitMix64(seed: 1)
        var actions: [Action] = []
        let session = engine.attach(to: 0, at: .zero, using: &random, into: &actions)
        engine.handle(.tick, at: Tick(milliseconds: 300_000), using: &random, into: &actions)
        guard case .call(let attempt)? = actions.last else {
            Issue.record("nothing was called")
            return
        }
        engine.handle(
            .finished(attempt, .failure(.unauthorized)),
            at: Tick(milliseconds: 300_005),
            using: &random,
            into: &actions
        )
        #expect(actions.last == .refreshCredential(session))
        actions.removeAll()
        engine.handle(.lock(session, one), at: Tick(milliseconds: 300_010), using: &random, into: &actions)
        #expect(actions == [.emit(.cycleEnded(last: attempt, .failure(.cancelled))), .granted(session, one, true)])
        actions.removeAll()
        engine.handle(
            .credentialRefreshed(session, changed: true),
            at: Tick(milliseconds: 300_020),
            using: &random,
            into: &actions
        )
        #expect(actions.isEmpty)
    }

    @Test func `a shutdown aborts what is in flight and starts nothing`() {
        let agent = VirtualAgent(policy { $0.interval = .seconds(10) })
        for _ in 0..<5 { agent.attach() }
        agent.answer = { _, _ in nil }
        agent.run(for: .seconds(11))
        #expect(agent.inFlight.count == 5)
        agent.send(.shutdown)
        #expect(agent.aborts.count == 5)
        #expect(agent.engine.nextDeadline == nil)
        agent.run(for: .seconds(100))
        #expect(agent.calls.count == 5)
        #expect(agent.count { if case .cycleEnded = $0 { true } else { false } } == 5)
        #expect(agent.count { if case .called = $0 { true } else { false } } == 0)
        agent.attach()
        agent.own()
        agent.run(for: .seconds(100))
        #expect(agent.calls.count == 5 && agent.openings.isEmpty)
    }
}
