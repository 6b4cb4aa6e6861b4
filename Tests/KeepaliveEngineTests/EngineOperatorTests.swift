// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct EngineOperatorTests {
    private func agent(sessions: Int = 3) -> VirtualAgent {
        let agent = VirtualAgent(policy { $0.interval = .seconds(60) })
        for _ in 0..<sessions { agent.attach() }
        agent.run(for: .seconds(120))
        return agent
    }

    @Test func `a backend that somebody disabled is left alone until somebody enables it`() {
        let agent = agent()
        agent.send(.disable(0, until: nil))
        let before = agent.calls.count
        agent.run(for: .seconds(3 * 3600))
        #expect(agent.calls.count == before)
        #expect(
            agent.engine.status(of: BackendIndex(0)).hold
                == OperatorHold(since: Tick(milliseconds: 1_120_000), until: nil)
        )
        agent.send(.enable(0))
        #expect(agent.told.last == .reenabled(backend: 0, .operator, disabledFor: .seconds(3 * 3600)))
        let start = agent.now
        agent.run(for: .seconds(45))
        #expect(Set(agent.calls.dropFirst(before).map(\.value.session)).count == 3)
        let times = agent.calls.dropFirst(before).map { ($0.at - start).wholeMilliseconds }
        #expect(Set(times.map { $0 / 10_000 }).count == 3, "spread over the interval, not at once")
    }

    @Test func `it goes on by itself after the time that was given`() {
        let agent = agent()
        agent.send(.disable(0, until: agent.now + .seconds(1800)))
        let before = agent.calls.count
        agent.run(for: .milliseconds(1_799_900))
        #expect(agent.calls.count == before)
        agent.run(for: .seconds(62))
        #expect(agent.calls.count >= before + 3 && agent.engine.status(of: BackendIndex(0)).hold == nil)
        #expect(agent.count { if case .reenabled(_, .operator, _) = $0 { true } else { false } } == 1)
    }

    @Test func `what was said last holds`() {
        let agent = agent()
        agent.send(.disable(0, until: agent.now + .seconds(60)))
        agent.send(.disable(0, until: nil))
        let before = agent.calls.count
        agent.run(for: .seconds(3600))
        #expect(agent.calls.count == before)
    }

    @Test func `enabling closes a breaker, and disabling keeps its probes back`() {
        let agent = agent()
        agent.answer = { _, _ in (.failure(.connect), .milliseconds(5)) }
        _ = agent.run(atMost: .seconds(600)) { $0.engine.status(of: BackendIndex(0)).breaker == .open }
        agent.send(.disable(0, until: nil))
        let before = agent.calls.count
        agent.run(for: .seconds(4 * 3600))
        #expect(agent.calls.count == before, "no probe")
        agent.answer = { _, _ in (.success, .milliseconds(5)) }
        agent.send(.enable(0))
        #expect(agent.engine.status(of: BackendIndex(0)).breaker == .closed)
        agent.run(for: .seconds(61))
        #expect(agent.calls.count >= before + 3)
    }

    @Test func `a hold that ends leaves an open breaker to its overdue probe`() {
        let agent = agent()
        agent.answer = { _, _ in (.failure(.connect), .milliseconds(5)) }
        _ = agent.run(atMost: .seconds(600)) { $0.engine.status(of: BackendIndex(0)).breaker == .open }
        agent.send(.disable(0, until: agent.now + .seconds(7200)))
        agent.run(for: .seconds(7199))
        let before = agent.calls.count
        agent.run(for: .seconds(2))
        #expect(agent.calls.count == before + 1 && agent.calls.last?.value.purpose == .probe)
        #expect(agent.count { if case .reenabled = $0 { true } else { false } } == 0)
    }

    @Test func `a disabled backend is probed when somebody wants to know`() {
        let agent = agent()
        agent.answer = { _, _ in (.failure(.connect), .milliseconds(5)) }
        _ = agent.run(atMost: .seconds(600)) { $0.engine.status(of: BackendIndex(0)).breaker == .open }
        let before = agent.calls.count
        agent.answer = { _, _ in (.success, .milliseconds(5)) }
        let target = agent.engine.probeTarget(of: 0)
        agent.send(.probe(0))
        agent.run(for: .milliseconds(10))
        #expect(agent.calls.count == before + 1 && agent.calls.last?.value.purpose == .probe)
        #expect(agent.calls.last?.value.session == target)
        #expect(agent.reenables == 1)
    }

    @Test func `of an enabled backend the session with the newest success is called at once`() {
        let agent = agent()
        let target = agent.engine.probeTarget(of: 0)
        agent.send(.activity(target ?? SessionHandle(index: 0, generation: 0), at: agent.now))
        let before = agent.calls.count
        agent.send(.probe(0))
        #expect(agent.calls.count == before + 1 && agent.calls.last?.value.session == target)
    }

    @Test func `nothing is probed of a backend that somebody disabled or that has no session`() {
        let agent = agent()
        agent.send(.disable(0, until: nil))
        let before = agent.calls.count
        #expect(agent.engine.probeTarget(of: 0) == nil)
        agent.send(.probe(0))
        let empty = VirtualAgent(policy { $0.interval = .seconds(60) })
        #expect(empty.engine.probeTarget(of: 0) == nil)
        empty.send(.probe(0))
        #expect(agent.calls.count == before && empty.calls.isEmpty)
    }

    @Test func `a backend whose keepalive is off cannot be disabled`() {
        let agent = VirtualAgent(policy { $0.method = .none })
        agent.attach()
        agent.send(.disable(0, until: nil))
        #expect(agent.engine.status(of: BackendIndex(0)).hold == nil)
        #expect(agent.count { if case .operatorDisabled = $0 { true } else { false } } == 0)
    }
}
