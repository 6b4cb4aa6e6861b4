// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct EngineLossTests {
    private struct Loss {
        let reason: LossReason
        let gap: Duration
        let hadSucceeded: Bool?
    }

    private func losses(_ agent: VirtualAgent) -> [Loss] {
        agent.told.compactMap {
            guard case .sessionLost(_, _, let reason, let gap, let hadSucceeded) = $0 else { return nil }
            return Loss(reason: reason, gap: gap, hadSucceeded: hadSucceeded)
        }
    }

    /// An agent whose session is lost at its call with the number `number`, counted from 0.
    private func losing(at number: Int, policy: BackendPolicy, before: Outcome = .success) -> VirtualAgent {
        let agent = VirtualAgent(policy)
        agent.attach()
        var calls = 0
        agent.answer = { _, _ in
            defer { calls += 1 }
            return (calls == number ? .failure(.sessionExpired) : before, .milliseconds(5))
        }
        return agent
    }

    @Test func `a lost session that was kept alive expired despite keepalive`() throws {
        let agent = losing(at: 2, policy: policy { $0.sessionTTL = .seconds(1800) })
        agent.run(for: .seconds(1000))
        let loss = try #require(losses(agent).first)
        #expect(loss.reason == .expiredDespiteKeepalive)
        #expect(loss.hadSucceeded == true)
        #expect(loss.gap <= .seconds(300.01) && loss.gap >= .seconds(270))
        #expect(agent.retired.count == 1)
        #expect(agent.calls.count == 3)
        #expect(agent.openings.isEmpty)
        #expect(agent.count { if case .sessionReleased = $0 { true } else { false } } == 0)
    }

    @Test func `a session lost at its first keepalive had none before`() throws {
        let agent = losing(at: 0, policy: BackendPolicy())
        agent.run(for: .seconds(1000))
        let loss = try #require(losses(agent).first)
        #expect(loss.reason == .expired && loss.hadSucceeded == nil)
    }

    @Test func `without a success before it has just expired`() throws {
        let agent = losing(at: 1, policy: BackendPolicy(), before: .failure(.timeout))
        agent.run(for: .seconds(1000))
        let loss = try #require(losses(agent).first)
        #expect(loss.reason == .expired && loss.hadSucceeded == false)
    }

    @Test func `a gap longer than the TTL is no wonder`() throws {
        let agent = losing(at: 1, policy: policy { $0.sessionTTL = .seconds(900) })
        _ = agent.run(atMost: .seconds(300)) { $0.calls.count == 1 }
        agent.run(for: .milliseconds(5))
        agent.suspend(for: .seconds(7200))
        agent.run(for: .seconds(60))
        let loss = try #require(losses(agent).first)
        #expect(loss.reason == .expired && loss.hadSucceeded == true)
        #expect(loss.gap >= .seconds(7200))
    }

    @Test func `a loss after an outage expired while disabled`() throws {
        let agent = VirtualAgent(policy { $0.failureThreshold = 1 })
        agent.attach()
        var outcomes: [Outcome] = [.success, .failure(.connect), .failure(.sessionExpired)]
        agent.answer = { _, _ in (outcomes.removeFirst(), .milliseconds(5)) }
        agent.run(for: .seconds(3000))
        let loss = try #require(losses(agent).first)
        #expect(loss.reason == .expiredWhileDisabled)
        #expect(agent.reenables == 1)
    }

    @Test func `a loss after a pause of the backend or the session expired while disabled`() throws {
        for pause in [Outcome.failure(.rateLimited), .failure(.forbidden)] {
            let agent = VirtualAgent(policy { $0.probeAfter = .seconds(400) })
            agent.attach()
            var outcomes: [Outcome] = [.success, pause, .failure(.sessionExpired)]
            agent.answer = { _, _ in (outcomes.removeFirst(), .milliseconds(5)) }
            agent.run(for: .seconds(3000))
            let loss = try #require(losses(agent).first)
            #expect(loss.reason == .expiredWhileDisabled)
        }
    }

    @Test func `a bare 404 is asked again soon, and believed the second time`() throws {
        let agent = VirtualAgent(BackendPolicy())
        agent.attach()
        let bare = Outcome.failure(.sessionExpired, reaction: .recheckSession)
        var outcomes: [Outcome] = [.success, bare, .success, bare, bare]
        agent.answer = { _, _ in (outcomes.removeFirst(), .milliseconds(5)) }
        agent.run(for: .seconds(1200))
        let purposes = agent.calls.map(\.value.purpose)
        #expect(purposes == [.scheduled, .scheduled, .recheck, .scheduled, .recheck])
        let gap = agent.calls[2].at - agent.calls[1].at
        #expect(gap <= .seconds(5.01) && gap > .seconds(4.9))
        let loss = try #require(losses(agent).first)
        #expect(losses(agent).count == 1)
        // Counted from the last call that surely reached the session.
        #expect(loss.gap > .seconds(270))
        #expect(loss.reason == .expiredDespiteKeepalive && loss.hadSucceeded == true)
        #expect(agent.count { if case .called = $0 { true } else { false } } == 5)
    }

    @Test func `the second question comes within a short interval`() {
        let agent = VirtualAgent(policy { $0.interval = .seconds(2) })
        agent.attach()
        let bare = Outcome.failure(.sessionExpired, reaction: .recheckSession)
        agent.answer = { _, _ in (bare, .milliseconds(5)) }
        agent.run(for: .seconds(5))
        #expect(agent.calls.count == 2)
        #expect(agent.calls[1].at - agent.calls[0].at <= .seconds(2.01))
    }

    @Test func `an owned session is initialized again under the same handle`() throws {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.own()
        var calls = 0
        agent.answer = { _, _ in
            calls += 1
            return (calls == 2 ? .failure(.sessionExpired) : .success, .milliseconds(5))
        }
        agent.run(for: .seconds(700))
        let lost = try #require(agent.events.first { if case .sessionLost = $0.value { true } else { false } })
        #expect(agent.openings.map(\.value) == [session, session])
        let delay = agent.openings[1].at - lost.at
        #expect(delay <= .seconds(1) && delay >= .seconds(0.7))
        #expect(agent.retired.isEmpty)
        agent.run(for: .seconds(300))
        #expect(agent.calls.count >= 3)
        #expect(agent.count { if case .sessionOpened = $0 { true } else { false } } == 2)
    }

    @Test func `an owned session that is not to be initialized again is retired`() {
        let agent = VirtualAgent(policy { $0.reinitialize = false })
        agent.own()
        agent.answer = { _, _ in (.failure(.sessionExpired), .milliseconds(5)) }
        agent.run(for: .seconds(3000))
        #expect(agent.openings.count == 1)
        #expect(agent.calls.count == 1)
        #expect(agent.retired.count == 1)
        #expect(agent.engine.sessionCount == 0)
    }
}
