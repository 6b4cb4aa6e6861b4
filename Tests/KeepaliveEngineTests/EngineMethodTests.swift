// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct EngineMethodTests {
    private let lacksPing = Outcome.failure(.methodNotFound, reaction: .latchMethod)

    @Test func `a successful fallback is a success of the cycle and of the backend`() throws {
        let agent = VirtualAgent(fallbackPolicy { $0.failureThreshold = 3 })
        agent.attach()
        agent.answer = { attempt, _ in (attempt.method == .ping ? .failure(.timeout) : .success, .milliseconds(5)) }
        agent.run(for: .seconds(600))
        let ends = agent.told.compactMap {
            if case .cycleEnded(let last, let outcome) = $0 { (last, outcome) } else { nil }
        }
        let second = try #require(ends.dropFirst().first)
        #expect(second.0.method == .tool && second.1.isSuccess)
        #expect(agent.engine.status(of: 0).consecutiveFailures == 0)
        #expect(agent.engine.status(of: 0).isFallbackActive)
    }

    @Test func `a cycle whose fallback fails counts once`() {
        let agent = VirtualAgent(fallbackPolicy { $0.failureThreshold = 3 })
        agent.attach()
        agent.answer = { _, _ in (.failure(.timeout), .milliseconds(5)) }
        agent.run(for: .seconds(1000))
        #expect(agent.methods == [.ping, .ping, .tool, .ping, .tool])
        #expect(agent.disables == 1)
        #expect(!agent.engine.status(of: 0).isFallbackActive)
    }

    @Test func `a lost session and a refused credential get no fallback`() {
        for outcome in [Outcome.failure(.sessionExpired), .failure(.forbidden), .failure(.rateLimited)] {
            let agent = VirtualAgent(fallbackPolicy { $0.failureThreshold = 1 })
            agent.attach()
            agent.answer = { _, _ in (outcome, .milliseconds(5)) }
            agent.run(for: .seconds(400))
            #expect(!agent.methods.contains(.tool))
        }
    }

    @Test func `ping is tried once a day, and one success goes back to it`() {
        let agent = VirtualAgent(fallbackPolicy())
        agent.attach()
        var works = false
        agent.answer = { attempt, _ in
            (attempt.method == .tool || works ? .success : .failure(.timeout), .milliseconds(5))
        }
        agent.run(for: .seconds(86_000))
        let pings = agent.methods.count { $0 == .ping }
        #expect(pings == 2)
        agent.run(for: .seconds(1600))
        #expect(agent.methods.count { $0 == .ping } == 3)
        let retry = agent.calls.lastIndex { $0.value.method == .ping } ?? 0
        #expect(agent.calls[retry + 1].value.cycle == agent.calls[retry].value.cycle, "the tool in the same cycle")
        #expect(agent.count { if case .fallbackSelected = $0 { true } else { false } } == 1, "stays latched")
        works = true
        agent.run(for: .seconds(90_000))
        #expect(agent.count { $0 == .pingSelected(backend: 0) } == 1)
        #expect(agent.methods.suffix(5).allSatisfy { $0 == .ping })
    }

    @Test func `method not found without a fallback disables like an opened breaker`() {
        let agent = VirtualAgent(policy { $0.failureThreshold = 100 })
        agent.attach()
        var works = false
        agent.answer = { _, _ in (works ? .success : lacksPing, .milliseconds(5)) }
        agent.run(for: .seconds(301))
        #expect(agent.engine.status(of: 0).disabledReason == .methodNotFound)
        agent.run(for: .seconds(4000))
        #expect(agent.calls.count == 3, "two probes that found the same")
        #expect(agent.reenables == 0)
        works = true
        agent.run(for: .seconds(1800))
        #expect(agent.reenables == 1)
    }

    @Test(arguments: [Reaction.none, .latchMethod])
    func `a tool that is not found is an ordinary failure`(reaction: Reaction) {
        let agent = VirtualAgent(policy { $0.method = .tool })
        agent.attach()
        agent.answer = { _, _ in (.failure(.methodNotFound, reaction: reaction), .milliseconds(5)) }
        agent.run(for: .seconds(1000))
        #expect(agent.calls.count == 3)
        #expect(agent.disables == 1)
        agent.run(for: .seconds(1800))
        #expect(agent.reenables == 0, "an answer, but keepalive would not work")
    }

    @Test func `probes take turns so that a backend without a working ping recovers by its tool`() {
        let agent = VirtualAgent(fallbackPolicy())
        agent.attach()
        var isDown = true
        agent.answer = { attempt, _ in
            (isDown || attempt.method == .ping ? .failure(.timeout) : .success, .milliseconds(5))
        }
        agent.run(for: .seconds(1000))
        #expect(agent.disables == 1)
        isDown = false
        agent.run(for: .seconds(3700))
        let probes = agent.calls.filter { $0.value.purpose == .probe }.map(\.value.method)
        #expect(probes == [.ping, .tool])
        #expect(agent.reenables == 1)
    }

    @Test func `a probe that finds ping unknown goes over to the tool`() {
        let agent = VirtualAgent(fallbackPolicy { $0.failureThreshold = 1 })
        agent.attach()
        var isDown = true
        agent.answer = { attempt, _ in
            (isDown ? .failure(.connect) : attempt.method == .ping ? lacksPing : .success, .milliseconds(5))
        }
        agent.run(for: .seconds(400))
        isDown = false
        agent.run(for: .seconds(1800))
        #expect(agent.reenables == 1)
        #expect(agent.engine.status(of: 0).isFallbackActive)
        #expect(agent.disables == 1)
    }

    @Test(arguments: [(Int64(300), Int64(10), Int64(30)), (20, 10, 20), (5, 5, 5)])
    func `timeouts are as configured and at most the interval`(interval: Int64, ping: Int64, tool: Int64) {
        let agent = VirtualAgent(fallbackPolicy { $0.interval = .seconds(interval) })
        agent.attach()
        agent.answer = { attempt, _ in (attempt.method == .ping ? lacksPing : .success, .milliseconds(5)) }
        agent.run(for: .seconds(interval))
        #expect(agent.calls.map(\.value.timeout) == [.seconds(ping), .seconds(tool)])
    }
}
