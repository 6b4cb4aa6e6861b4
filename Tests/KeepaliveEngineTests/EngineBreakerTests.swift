// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct EngineBreakerTests {
    /// An agent with this many sessions whose backend was disabled just now.
    private func disabled(sessions: Int = 5, policy: BackendPolicy = BackendPolicy()) -> VirtualAgent {
        let agent = VirtualAgent(policy)
        for _ in 0..<sessions { agent.attach() }
        agent.answer = { _, _ in (.failure(.connect), .milliseconds(5)) }
        _ = agent.run(atMost: .seconds(2000)) { $0.disables == 1 }
        return agent
    }

    @Test func `one bad session among healthy ones never disables`() {
        let agent = VirtualAgent(BackendPolicy())
        let bad = agent.attach()
        for _ in 0..<5 { agent.attach() }
        agent.answer = { attempt, _ in (attempt.session == bad ? .failure(.rpcError) : .success, .milliseconds(5)) }
        agent.run(for: .seconds(30_000))
        #expect(agent.disables == 0)
    }

    @Test(arguments: [FailureReason.tls, .redirect])
    func `some failures disable at once`(reason: FailureReason) {
        let agent = VirtualAgent(fallbackPolicy())
        agent.attach()
        agent.answer = { _, _ in (.failure(reason), .milliseconds(5)) }
        agent.run(for: .seconds(300))
        #expect(agent.calls.count == 1)
        #expect(agent.engine.status(of: 0).disabledReason == reason)
    }

    @Test(arguments: [FailureReason.sessionExpired, .unauthorized, .forbidden, .rateLimited, .localResource])
    func `what belongs to a session, a credential or this machine never disables`(reason: FailureReason) {
        let agent = VirtualAgent(policy { $0.failureThreshold = 1 })
        for _ in 0..<20 { agent.attach() }
        agent.answer = { _, _ in (.failure(reason), .milliseconds(5)) }
        agent.run(for: .seconds(10_000))
        #expect(agent.disables == 0)
    }

    @Test func `sessions that become due while disabled are not skipped and not called`() {
        let agent = disabled()
        agent.run(for: .seconds(1500))
        #expect(agent.calls.count == 3)
        #expect(agent.count { if case .skipped = $0 { true } else { false } } == 0)
    }

    @Test func `the probe is on the session with the newest success`() throws {
        let agent = VirtualAgent(BackendPolicy())
        for _ in 0..<20 { agent.attach() }
        var isDown = false
        var newest: SessionHandle?
        agent.answer = { attempt, _ in
            if !isDown { newest = attempt.session }
            return (isDown ? .failure(.connect) : .success, .milliseconds(5))
        }
        agent.run(for: .seconds(450))
        isDown = true
        agent.run(for: .seconds(2500))
        let probe = try #require(agent.calls.first { $0.value.purpose == .probe })
        #expect(probe.value.session == newest)
    }

    @Test(arguments: [Outcome.failure(.sessionExpired), .failure(.forbidden), .failure(.unauthorized)])
    func `an answer about the session or the credential shows that the backend works`(outcome: Outcome) {
        let agent = disabled()
        agent.answer = { attempt, _ in (attempt.purpose == .probe ? outcome : .success, .milliseconds(5)) }
        agent.run(for: .seconds(1801))
        #expect(agent.reenables == 1)
        #expect(agent.told.contains(.probed(backend: 0, succeeded: true, nextProbe: nil)))
    }

    @Test(arguments: [Outcome.failure(.rateLimited), .failure(.localResource), .failure(.timeout), .failure(.tls)])
    func `other answers wait for the next probe`(outcome: Outcome) {
        let agent = disabled()
        agent.answer = { _, _ in (outcome, .milliseconds(5)) }
        agent.run(for: .seconds(1801))
        #expect(agent.reenables == 0)
        #expect(agent.calls.count == 4)
        #expect(agent.count { if case .probed(0, false, .some) = $0 { true } else { false } } == 1)
        agent.run(for: .seconds(1801))
        #expect(agent.calls.count == 5)
    }

    @Test func `probes are jittered and never later than configured`() {
        var delays: Set<Duration> = []
        for seed in UInt64(1)...20 {
            let agent = VirtualAgent(policy { $0.failureThreshold = 1 }, seed: seed)
            agent.attach()
            agent.answer = { _, _ in (.failure(.connect), .milliseconds(5)) }
            _ = agent.run(atMost: .seconds(300)) { $0.disables == 1 }
            let start = agent.now
            agent.run(for: .seconds(1801))
            let delay = (agent.calls.last?.at ?? .zero) - start
            #expect(delay <= .seconds(1800.02) && delay >= .seconds(1620))
            delays.insert(delay)
        }
        #expect(delays.count > 15)
    }

    @Test func `with no session left it stays disabled until one arrives`() {
        let agent = VirtualAgent(policy { $0.failureThreshold = 1 })
        let session = agent.attach()
        agent.answer = { _, _ in (.failure(.connect), .milliseconds(5)) }
        agent.run(for: .seconds(300))
        agent.send(.release(session, .unlisted))
        agent.answer = { _, _ in (.success, .milliseconds(5)) }
        agent.run(for: .seconds(10_000))
        #expect(agent.calls.count == 1)
        #expect(agent.engine.status(of: 0).breaker == .open)
        agent.attach()
        #expect(agent.calls.count == 2, "overdue, so at once")
        #expect(agent.calls.last?.value.purpose == .probe)
        agent.run(for: .seconds(1))
        #expect(agent.reenables == 1)
    }

    @Test func `where all sessions are owned and lost the probe is an initialization`() {
        let agent = VirtualAgent(policy { $0.failureThreshold = 1 })
        agent.own()
        agent.run(for: .seconds(1))
        var isDown = true
        agent.answer = { _, _ in (.failure(isDown ? .connect : .sessionExpired), .milliseconds(5)) }
        agent.opening = { _, _ in
            (isDown ? .failed(.failure(.connect)) : .stateful(advertisedTTL: nil), .milliseconds(5))
        }
        agent.run(for: .seconds(400))
        #expect(agent.disables == 1)
        // The probe finds the session lost, which shows that the backend works; then it is disabled again.
        isDown = false
        agent.run(for: .seconds(1800))
        #expect(agent.reenables == 1)
        isDown = true
        agent.run(for: .seconds(400))
        #expect(agent.disables == 2)
    }

    @Test func `the initialization of a disabled backend is retried by probes only`() throws {
        let agent = VirtualAgent(policy { $0.failureThreshold = 1 })
        let attached = agent.attach()
        agent.opening = { _, _ in (.failed(.failure(.connect)), .milliseconds(5)) }
        agent.answer = { _, _ in (.failure(.connect), .milliseconds(5)) }
        agent.run(for: .seconds(301))
        #expect(agent.disables == 1)
        agent.send(.release(attached, .unlisted))
        agent.own()
        agent.run(for: .seconds(1200))
        #expect(agent.openings.isEmpty)
        agent.run(for: .seconds(400))
        #expect(agent.openings.count == 1)
        let failed = try #require(
            agent.told.last { if case .openingFailed = $0 { true } else { false } }
        )
        guard case .openingFailed(_, _, _, let retryAt) = failed else { return }
        #expect(retryAt == nil)
        agent.opening = { _, _ in (.stateful(advertisedTTL: nil), .milliseconds(5)) }
        agent.answer = { _, _ in (.success, .milliseconds(5)) }
        agent.run(for: .seconds(1800))
        #expect(agent.openings.count == 2)
        #expect(agent.reenables == 1)
        #expect(agent.disables == 1)
    }

    @Test func `no fallback is started once it is open, and what is in flight finishes`() {
        let agent = VirtualAgent(fallbackPolicy { $0.interval = .seconds(10) })
        for _ in 0..<6 { agent.attach() }
        agent.answer = { attempt, _ in
            (attempt.method == .ping ? .failure(.timeout) : .failure(.tls), .milliseconds(9000))
        }
        agent.run(for: .seconds(200))
        let disabledAt = agent.events.first { if case .autoDisabled = $0.value { true } else { false } }?.at ?? .never
        #expect(agent.calls.allSatisfy { $0.at <= disabledAt })
        #expect(agent.count { if case .called = $0 { true } else { false } } == agent.calls.count)
    }

    @Test func `a probe waits for a token like everybody`() {
        let agent = VirtualAgent(
            policy {
                $0.maxRequestsPerSecond = 0.01
                $0.probeAfter = .seconds(10)
            }
        )
        agent.attach()
        agent.answer = { _, _ in (.failure(.tls), .milliseconds(5)) }
        agent.run(for: .seconds(1000))
        #expect((8...12).contains(agent.calls.count))
        #expect(agent.peakPerSecond() == 1)
        let gaps = zip(agent.calls, agent.calls.dropFirst()).map { $1.at - $0.at }
        #expect(gaps.allSatisfy { $0 >= .seconds(99) })
    }

    @Test func `a probe waits for a slot like everybody`() throws {
        let agent = VirtualAgent(
            policy {
                $0.maxRequestsInFlight = 4
                $0.probeAfter = .seconds(10)
            }
        )
        for _ in 0..<20 { agent.attach() }
        agent.answer = { _, _ in nil }
        _ = agent.run(atMost: .seconds(300)) { $0.calls.count == 4 }
        let calls = agent.inFlight
        agent.send(.finished(calls[0], .failure(.localResource)))
        agent.send(.finished(calls[1], .failure(.tls)))
        #expect(agent.disables == 1)
        agent.run(for: .seconds(60))
        #expect(agent.calls.count == 4, "the cap is halved, and two are in flight")
        agent.send(.finished(calls[2], .success))
        let probe = try #require(agent.calls.last)
        #expect(probe.value.purpose == .probe)
        #expect(probe.at == agent.now)
    }

    @Test func `a probe that is cut off says nothing`() {
        let agent = disabled(sessions: 1, policy: policy { $0.failureThreshold = 1 })
        agent.answer = { _, _ in nil }
        _ = agent.run(atMost: .seconds(1801)) { $0.calls.count == 2 }
        let session = agent.calls[1].value.session
        #expect(agent.engine.status(of: 0).breaker == .halfOpen)
        agent.send(.lock(session, LockTicket(rawValue: 1)))
        agent.run(for: .zero)
        #expect(agent.engine.status(of: 0).breaker == .open)
        #expect(agent.count { if case .probed = $0 { true } else { false } } == 0)
        agent.send(.unlock(session, LockTicket(rawValue: 1), .unchanged))
        agent.run(for: .seconds(1801))
        #expect(agent.calls.count == 3)
        #expect(agent.calls.last?.value.purpose == .probe)
    }
}
