// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

@Suite struct EngineStatusTests {
    @Test func `tells how an enabled backend is doing`() {
        let agent = VirtualAgent(fallbackPolicy { $0.sessionTTL = .seconds(600) })
        let session = agent.attach()
        let start = agent.now
        #expect(agent.engine.outlooks[0].oldestSuccess == start)
        #expect(agent.engine.status(of: 0).lastAttempt == nil)
        #expect(agent.engine.outlooks[0].nextDue.map { $0 <= start + .seconds(200) } ?? false)
        agent.run(for: .seconds(200))
        let status = agent.engine.status(of: 0)
        #expect(status.breaker == .closed && status.disabledReason == nil && status.nextProbe == nil)
        #expect(status.interval == .seconds(200))
        #expect(status.ttl == .seconds(600))
        #expect(status.timeout == .seconds(10))
        #expect(status.probeInterval == .seconds(1800))
        #expect(status.sessions.active == 1 && status.sessions.total == 1)
        #expect(status.inFlight == 0)
        #expect(status.lastAttempt == agent.calls.last?.at)
        #expect(status.lastSuccess.map { $0 - .zero } == status.lastAttempt.map { $0 + .milliseconds(5) - .zero })
        #expect(agent.engine.outlooks[0].oldestSuccess == status.lastSuccess)
        #expect(agent.engine.status(of: session)?.lastSuccess == status.lastSuccess)
        #expect(agent.engine.sessionCount == 1)
    }

    @Test func `tells how a disabled backend is doing`() {
        let agent = VirtualAgent(policy { $0.failureThreshold = 2 })
        agent.attach()
        agent.answer = { _, _ in (.failure(.dns), .milliseconds(5)) }
        _ = agent.run(atMost: .seconds(900)) { $0.disables == 1 }
        let status = agent.engine.status(of: 0)
        #expect(status.breaker == .open)
        #expect(status.disabledReason == .dns)
        #expect(status.disabledSince == agent.now)
        #expect(status.consecutiveFailures == 2)
        #expect(status.nextProbe.map { $0 > agent.now + .seconds(1619) } ?? false)
        agent.run(for: .seconds(600))
        #expect(agent.engine.outlooks[0].nextDue == nil, "parked")
    }

    @Test func `a session that waits for its backend's limit has been due since it became so`() {
        let agent = VirtualAgent(
            policy {
                $0.interval = .seconds(10)
                $0.maxRequestsPerSecond = 0.1
            }
        )
        for _ in 0..<4 { agent.attach() }
        agent.run(for: .seconds(100))
        #expect(agent.engine.outlooks[0].nextDue.map { $0 + .seconds(5) < agent.now } ?? false)
    }

    @Test func `the outlook is that of the session nearest to its turn, and of the one that waits longest`() {
        let agent = VirtualAgent(BackendPolicy(), BackendPolicy())
        let sessions = (0..<20).map { _ in agent.attach(to: 1) }
        agent.run(for: .seconds(1000))
        let last = sessions.compactMap { agent.callTimes(of: $0).last }
        #expect(agent.engine.outlooks[1].oldestSuccess == last.min().map { $0 + .milliseconds(5) })
        let due = sessions.compactMap { session -> Tick? in
            guard case .due(let time) = agent.engine.status(of: session)?.activity else { return nil }
            return time
        }
        #expect(due.count == 20)
        #expect(agent.engine.outlooks[1].nextDue == due.min())
        #expect(agent.engine.outlooks[0].nextDue == nil && agent.engine.outlooks[0].oldestSuccess == nil)
    }

    @Test func `says nothing of a stale handle`() {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.attach()
        #expect(agent.engine.status(of: session)?.origin == .attached)
        agent.send(.release(session, .unlisted))
        #expect(agent.engine.status(of: session) == nil)
        #expect(agent.engine.outlooks[0].oldestSuccess == nil)
    }

    @Test func `a call ends once, and only the one that is in flight`() throws {
        let agent = VirtualAgent(fallbackPolicy())
        agent.attach()
        agent.answer = { _, _ in nil }
        _ = agent.run(atMost: .seconds(300)) { $0.calls.count == 1 }
        let ping = try #require(agent.inFlight.first)
        let lacksPing = Outcome.failure(.methodNotFound, reaction: .latchMethod)
        agent.send(.finished(ping, lacksPing))
        #expect(agent.methods == [.ping, .tool])
        agent.send(.finished(ping, lacksPing))
        #expect(agent.count { if case .called = $0 { true } else { false } } == 1)
        #expect(agent.engine.status(of: 0).inFlight == 1)
    }

    @Test func `inputs for stale handles and calls are ignored`() {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.attach()
        _ = agent.run(atMost: .seconds(300)) { $0.calls.count == 1 }
        let attempt = agent.inFlight[0]
        agent.run(for: .seconds(1))
        agent.send(.finished(attempt, .failure(.tls)))
        #expect(agent.disables == 0)
        agent.send(.release(session, .unlisted))
        let events = agent.events.count
        agent.attach()
        for input: Input in [
            .finished(attempt, .success), .activity(session, at: agent.now), .release(session, .unlisted),
            .credentialChanged(session),
            .credentialRefreshed(session, changed: true), .opened(session, .stateless),
            .unlock(session, LockTicket(rawValue: 1), .closed(.deleted)),
        ] {
            agent.send(input)
        }
        #expect(agent.events.count == events + 1, "the attached one")
        #expect(agent.engine.sessionCount == 1)
    }
}
