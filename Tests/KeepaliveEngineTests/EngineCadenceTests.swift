// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct EngineCadenceTests {
    private func exact(_ change: (inout BackendPolicy) -> Void = { _ in }) -> BackendPolicy {
        policy {
            $0.jitter = 0
            change(&$0)
        }
    }

    @Test func `the interval is counted from the start of a call`() {
        let agent = VirtualAgent(exact())
        let session = agent.attach()
        agent.answer = { _, _ in (.success, .seconds(9)) }
        agent.run(for: .seconds(3000))
        let times = agent.callTimes(of: session)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 <= .seconds(300) })
    }

    @Test func `traffic of the owner puts the keepalive off, with one skip for it`() {
        let agent = VirtualAgent(exact())
        let session = agent.attach()
        _ = agent.run(atMost: .seconds(300)) { $0.calls.count == 1 }
        agent.run(for: .seconds(200))
        for _ in 0..<50 { agent.send(.activity(session, at: agent.now)) }
        let used = agent.now
        agent.run(for: .seconds(299.9))
        #expect(agent.calls.count == 1)
        #expect(agent.skips(.recentActivity) == 1)
        agent.run(for: .seconds(0.2))
        #expect(agent.calls.count == 2)
        #expect(agent.calls.last.map { $0.at - used <= .seconds(300) } ?? false)
        #expect(agent.engine.status(of: session)?.lastActivity == agent.calls.last?.at)
    }

    @Test func `a session in constant use is never called`() {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.attach()
        agent.send(.activity(session, at: agent.now))
        for _ in 0..<100 {
            agent.run(for: .seconds(100))
            agent.send(.activity(session, at: agent.now))
        }
        #expect(agent.calls.isEmpty)
        #expect(agent.skips(.recentActivity) >= 30)
    }

    @Test func `a known TTL shortens the interval to a third`() {
        let agent = VirtualAgent(exact { $0.sessionTTL = .seconds(90) })
        let session = agent.attach()
        agent.run(for: .seconds(600))
        let times = agent.callTimes(of: session)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 <= .seconds(30) && $1 - $0 > .seconds(29) })
    }

    @Test func `an advertised TTL reaches the other sessions, too`() {
        let agent = VirtualAgent(exact())
        for _ in 0..<50 { agent.attach() }
        agent.answer = { _, _ in
            var outcome = Outcome.success
            outcome.advertisedTTL = .seconds(60)
            return (outcome, .milliseconds(5))
        }
        _ = agent.run(atMost: .seconds(300)) { $0.calls.count == 1 }
        agent.run(for: .milliseconds(5))
        let learned = agent.now
        #expect(agent.told.contains(.ttlAdvertised(backend: 0, ttl: .seconds(60), interval: .seconds(20))))
        agent.run(for: .seconds(20.1))
        #expect(Set(agent.calls.filter { $0.at >= learned }.map(\.value.session)).count >= 49)
        agent.run(for: .seconds(600))
        #expect(agent.count { if case .ttlAdvertised = $0 { true } else { false } } == 1)
        #expect(agent.engine.status(of: 0).ttl == .seconds(60))
    }

    @Test func `an owned session is first called within an interval of its opening`() {
        for seed in UInt64(1)...50 {
            let agent = VirtualAgent(BackendPolicy(), seed: seed)
            let session = agent.own()
            #expect(agent.openings.map(\.value) == [session])
            agent.run(for: .milliseconds(5))
            let opened = agent.now
            agent.run(for: .seconds(300))
            #expect(agent.calls.first.map { $0.at - opened <= .seconds(300) } ?? false)
        }
    }

    @Test func `a deadline is never missed by more than a slot of the wheel`() {
        let agent = VirtualAgent(BackendPolicy())
        for _ in 0..<100 { agent.attach() }
        agent.run(for: .seconds(3000))
        #expect(agent.calls.allSatisfy { $0.at - $0.value.due < .milliseconds(10) })
    }

    @Test func `what the policies imply is told once, with the first input`() {
        var engine = Engine(policies: [policy { $0.method = .none }], startingAt: Tick(milliseconds: 77))
        var random = SplitMix64(seed: 1)
        var actions: [Action] = []
        #expect(engine.nextDeadline == Tick(milliseconds: 77))
        engine.handle(.tick, at: Tick(milliseconds: 77), using: &random, into: &actions)
        #expect(actions == [.emit(.notApplicable(backend: 0, .none))])
        #expect(engine.nextDeadline == nil)
        engine.handle(.tick, at: Tick(milliseconds: 99), using: &random, into: &actions)
        #expect(actions.count == 1)
    }
}
