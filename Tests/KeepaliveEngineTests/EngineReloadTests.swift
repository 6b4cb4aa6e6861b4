// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct EngineReloadTests {
    private func dueTimes(_ agent: VirtualAgent, _ sessions: [SessionHandle]) -> [SessionStatus.Activity?] {
        sessions.map { agent.engine.status(of: $0)?.activity }
    }

    /// An agent whose backend has this policy and was disabled by timeouts just now.
    private func disabled(_ policy: BackendPolicy = BackendPolicy(), sessions: Int = 5) -> VirtualAgent {
        let agent = VirtualAgent(policy)
        for _ in 0..<sessions { agent.attach() }
        agent.answer = { _, _ in (.failure(.timeout), .milliseconds(5)) }
        _ = agent.run(atMost: .seconds(5000)) { $0.disables == 1 }
        agent.answer = { _, _ in (.success, .milliseconds(5)) }
        return agent
    }

    // MARK: Unchanged backends

    @Test func `what one backend becomes moves nothing of another`() {
        let agent = VirtualAgent(BackendPolicy(), BackendPolicy())
        let kept = (0..<20).map { _ in agent.attach(to: 0) }
        for _ in 0..<20 { agent.attach(to: 1) }
        agent.run(for: .seconds(1000))
        let before = dueTimes(agent, kept)
        agent.change(1, to: policy { $0.interval = .seconds(10) }, isOtherServer: true)
        _ = agent.add(policy { $0.method = .tool })
        agent.remove(1)
        #expect(dueTimes(agent, kept) == before)
        #expect(agent.engine.status(of: 0).sessions.active == 20)
    }

    @Test func `a change without consequences for the schedule draws no lots`() {
        let agent = VirtualAgent(BackendPolicy())
        let sessions = (0..<20).map { _ in agent.attach() }
        agent.run(for: .seconds(1000))
        let (random, before) = (agent.random, dueTimes(agent, sessions))
        agent.change(
            to: policy {
                $0.timeout = .seconds(3)
                $0.failureThreshold = 9
                $0.maxRequestsInFlight = 2
                $0.jitter = 0.5
                $0.interval = .seconds(600)
            }
        )
        #expect(agent.random == random)
        #expect(dueTimes(agent, sessions) == before)
        #expect(agent.engine.status(of: 0).timeout == .seconds(3))
    }

    // MARK: Coming and going

    @Test func `a backend that is added keeps its sessions alive`() {
        let agent = VirtualAgent(BackendPolicy())
        let backend = agent.add(policy { $0.interval = .seconds(60) })
        #expect(backend == 1)
        let session = agent.attach(to: backend)
        agent.own(on: backend)
        agent.run(for: .seconds(61))
        #expect(agent.callTimes(of: session).count == 1)
        #expect(agent.engine.status(of: 1).sessions.active == 2)
        #expect(agent.engine.outlooks.count == 2)
    }

    @Test func `a backend that is added and off says so`() {
        let agent = VirtualAgent()
        #expect(agent.add(policy { $0.method = .none }) == 0)
        #expect(agent.told == [.notApplicable(backend: 0, .none)])
    }

    @Test func `a backend that is removed lets its attached sessions go without a word to it`() {
        let agent = VirtualAgent(BackendPolicy())
        let sessions = (0..<5).map { _ in agent.attach() }
        agent.remove()
        #expect(agent.retired.map(\.value) == sessions)
        #expect(agent.told.suffix(5).allSatisfy { if case .sessionReleased = $0 { true } else { false } })
        agent.run(for: .seconds(4000))
        #expect(agent.calls.isEmpty)
        #expect(agent.engine.isVacant(0))
        #expect(agent.engine.nextDeadline == nil)
    }

    @Test func `what is in flight on a removed backend is aborted and counts for nothing`() {
        let agent = VirtualAgent(policy { $0.failureThreshold = 1 })
        let session = agent.attach()
        agent.answer = { _, _ in nil }
        _ = agent.run(atMost: .seconds(301)) { $0.calls.count == 1 }
        agent.remove()
        #expect(agent.aborts.count == 1 && !agent.engine.isVacant(0))
        agent.run(for: .seconds(1))
        #expect(agent.retired.map(\.value) == [session] && agent.engine.isVacant(0))
        #expect(agent.count { if case .called = $0 { true } else { false } } == 0)
    }

    @Test func `owned sessions of a removed backend rest until they are closed`() {
        let agent = VirtualAgent(policy { $0.interval = .seconds(10) })
        let sessions = (0..<3).map { _ in agent.own() }
        agent.run(for: .seconds(1))
        let calls = agent.calls.count
        agent.remove()
        agent.run(for: .seconds(3000))
        #expect(agent.calls.count == calls && agent.openings.count == 3)
        #expect(!agent.engine.isVacant(0))
        for (number, session) in sessions.enumerated() {
            let ticket = LockTicket(rawValue: UInt64(number))
            agent.send(.lock(session, ticket))
            #expect(agent.grants.last?.value.isGranted == true)
            agent.send(.unlock(session, ticket, .closed(.configuration)))
        }
        #expect(agent.engine.isVacant(0))
    }

    @Test func `a session that is being opened while its backend is removed can be closed`() {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.own()
        agent.remove()
        agent.send(.lock(session, LockTicket(rawValue: 1)))
        #expect(agent.grants.isEmpty)
        agent.run(for: .seconds(1))
        #expect(agent.grants.last?.value.isGranted == true)
        agent.send(.unlock(session, LockTicket(rawValue: 1), .closed(.configuration)))
        #expect(agent.engine.isVacant(0) && agent.calls.isEmpty)
    }

    @Test func `an index is used again once nothing of the backend before is left`() {
        let agent = disabled()
        let owned = agent.own()
        agent.remove()
        #expect(agent.add(BackendPolicy()) == 1, "a session is still to be closed")
        agent.send(.lock(owned, LockTicket(rawValue: 1)))
        agent.send(.unlock(owned, LockTicket(rawValue: 1), .closed(.configuration)))
        #expect(agent.add(policy { $0.interval = .seconds(20) }) == 0)
        #expect(agent.engine.status(of: 0).breaker == .closed)
        let session = agent.attach()
        agent.run(for: .seconds(4000))
        #expect(agent.reenables == 0 && agent.callTimes(of: session).count >= 200)
    }

    @Test func `a session that comes for a backend that just went is let go at once`() {
        let agent = VirtualAgent(BackendPolicy())
        agent.remove()
        let session = agent.attach()
        #expect(agent.retired.map(\.value) == [session] && agent.engine.isVacant(0))
    }

    // MARK: Cadence and caps

    @Test func `a shorter interval reaches every session within itself and without a burst`() {
        let agent = VirtualAgent(BackendPolicy())
        for _ in 0..<200 { agent.attach() }
        agent.run(for: .seconds(1000))
        let changed = agent.now
        agent.change(to: policy { $0.interval = .seconds(20) })
        agent.run(for: .seconds(20.1))
        #expect(Set(agent.calls.filter { $0.at >= changed }.map(\.value.session)).count == 200)
        #expect(agent.peakPerSecond(from: changed) < 30)
    }

    @Test func `a longer interval holds from the next call on`() {
        let agent = VirtualAgent(policy { $0.interval = .seconds(10) })
        let session = agent.attach()
        agent.run(for: .seconds(100))
        agent.change(to: policy { $0.interval = .seconds(300) })
        let changed = agent.now
        agent.run(for: .seconds(600))
        let times = agent.callTimes(of: session).filter { $0 >= changed }
        #expect(times.first.map { $0 <= changed + .seconds(10) } ?? false)
        #expect(times.count == 3)
    }

    @Test func `a session in use is still not called after its interval became shorter`() {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.attach()
        agent.send(.activity(session, at: agent.now))
        agent.change(to: policy { $0.interval = .seconds(30) })
        for _ in 0..<20 {
            agent.send(.activity(session, at: agent.now))
            agent.run(for: .seconds(10))
        }
        #expect(agent.calls.isEmpty)
    }

    @Test func `a TTL that was advertised is still known`() {
        let agent = VirtualAgent(BackendPolicy())
        agent.opening = { _, _ in (.stateful(advertisedTTL: .seconds(30)), .milliseconds(5)) }
        agent.own()
        agent.run(for: .seconds(1))
        agent.change(to: policy { $0.interval = .seconds(60) }, isOtherServer: true)
        #expect(agent.engine.status(of: 0).interval == .seconds(10))
    }

    @Test func `a larger cap is used at once, a smaller one as calls end`() {
        let agent = VirtualAgent(policy { $0.maxRequestsInFlight = 1 })
        agent.answer = { _, _ in (.success, .seconds(5)) }
        for _ in 0..<100 { agent.attach() }
        agent.run(for: .seconds(290))
        #expect(agent.inFlight.count == 1)
        agent.change(to: policy { $0.maxRequestsInFlight = 10 })
        #expect(agent.inFlight.count > 1)
        agent.run(for: .seconds(10))
        #expect(agent.inFlight.count == 10)
        agent.change(to: policy { $0.maxRequestsInFlight = 3 })
        #expect(agent.inFlight.count == 10 && agent.aborts.isEmpty)
        agent.run(for: .seconds(6))
        #expect(agent.inFlight.count == 3)
    }

    // MARK: The breaker

    @Test func `an open breaker stays open and its probe stays due`() {
        let agent = disabled()
        let before = agent.engine.status(of: 0)
        agent.change(to: policy { $0.interval = .seconds(60) })
        let after = agent.engine.status(of: 0)
        #expect(after.breaker == .open && after.nextProbe == before.nextProbe && agent.reenables == 0)
        agent.run(for: .seconds(1000))
        #expect(agent.calls.count == 3)
    }

    @Test func `a shorter time between probes holds at once`() {
        let agent = disabled()
        agent.change(to: policy { $0.probeAfter = .seconds(60) })
        #expect(agent.engine.status(of: 0).nextProbe.map { $0 <= agent.now + .seconds(60) } ?? false)
        agent.run(for: .seconds(60.1))
        #expect(agent.reenables == 1)
    }

    @Test(arguments: [true, false])
    func `another method or another server closes the breaker and spreads the sessions`(isOtherServer: Bool) {
        let agent = disabled(sessions: 100)
        agent.run(for: .seconds(600))
        let changed = agent.now
        let method: BackendPolicy.Method = isOtherServer ? .ping(hasFallback: false) : .tool
        agent.change(to: policy { $0.method = method }, isOtherServer: isOtherServer)
        #expect(agent.engine.status(of: 0).breaker == .closed)
        let reenabled = agent.told.filter { if case .reenabled(0, .reload, _) = $0 { true } else { false } }
        #expect(reenabled.count == 1 && agent.reenables == 1)
        agent.run(for: .seconds(300.1))
        let calls = agent.calls.filter { $0.at >= changed }
        #expect(Set(calls.map(\.value.session)).count == 100)
        #expect(calls.allSatisfy { $0.value.method == (isOtherServer ? .ping : .tool) })
        #expect(agent.peakPerSecond(from: changed) <= 21)
    }

    @Test func `failures of the server before do not count for the one after`() {
        let agent = VirtualAgent(BackendPolicy())
        for _ in 0..<5 { agent.attach() }
        agent.answer = { _, _ in (.failure(.timeout), .milliseconds(5)) }
        _ = agent.run(atMost: .seconds(1000)) { $0.engine.status(of: 0).consecutiveFailures == 2 }
        agent.change(to: BackendPolicy(), isOtherServer: true)
        #expect(agent.engine.status(of: 0).consecutiveFailures == 0)
    }

    @Test func `a probe of the server before does not judge the one after`() {
        let agent = disabled()
        agent.answer = { _, _ in nil }
        _ = agent.run(atMost: .seconds(1801)) { $0.inFlight.count == 1 }
        #expect(agent.engine.status(of: 0).breaker == .halfOpen)
        agent.change(to: BackendPolicy(), isOtherServer: true)
        #expect(agent.aborts.count == 1 && agent.engine.status(of: 0).breaker == .closed)
        agent.answer = { _, _ in (.success, .milliseconds(5)) }
        agent.run(for: .seconds(400))
        #expect(agent.disables == 1)
        #expect(agent.count { if case .probed = $0 { true } else { false } } == 0)
    }

    @Test func `a threshold that was reached already disables with the next failure`() {
        let agent = VirtualAgent(policy { $0.failureThreshold = 10 })
        agent.attach()
        agent.answer = { _, _ in (.failure(.timeout), .milliseconds(5)) }
        _ = agent.run(atMost: .seconds(3000)) { $0.engine.status(of: 0).consecutiveFailures == 5 }
        agent.change(to: policy { $0.failureThreshold = 3 })
        #expect(agent.disables == 0)
        agent.run(for: .seconds(301))
        #expect(agent.disables == 1)
    }

    // MARK: Methods

    @Test func `the fallback stays in use while it is one, and with another tool, too`() {
        let agent = VirtualAgent(fallbackPolicy())
        agent.attach()
        agent.answer = { attempt, _ in
            (attempt.method == .ping ? .failure(.methodNotFound, reaction: .latchMethod) : .success, .milliseconds(5))
        }
        agent.run(for: .seconds(301))
        #expect(agent.engine.status(of: 0).isFallbackActive)
        agent.change(to: fallbackPolicy { $0.interval = .seconds(60) }, isOtherTool: true)
        #expect(agent.engine.status(of: 0).isFallbackActive)
        agent.change(to: fallbackPolicy(), isOtherServer: true)
        #expect(!agent.engine.status(of: 0).isFallbackActive)
        agent.run(for: .seconds(601))
        #expect(agent.engine.status(of: 0).isFallbackActive)
        agent.change(to: BackendPolicy())
        #expect(!agent.engine.status(of: 0).isFallbackActive)
    }

    @Test func `a call by the method before is given up, and the one after is made in time`() {
        for seed in UInt64(1)...20 {
            let agent = VirtualAgent(BackendPolicy(), seed: seed)
            let session = agent.attach()
            _ = agent.run(atMost: .seconds(301)) { $0.calls.count == 1 }
            agent.answer = { _, _ in nil }
            _ = agent.run(atMost: .seconds(301)) { $0.calls.count == 2 }
            agent.answer = { _, _ in (.success, .milliseconds(5)) }
            agent.change(to: policy { $0.method = .tool })
            _ = agent.run(atMost: .seconds(301)) { $0.calls.count == 3 }
            #expect(agent.methods == [.ping, .ping, .tool])
            let times = agent.callTimes(of: session)
            #expect(times[2] - times[0] <= .seconds(300))
            agent.run(for: .seconds(1))
            #expect(agent.count { if case .called = $0 { true } else { false } } == 2)
        }
    }

    @Test func `a fallback that waits for its turn is not made when there is none any more`() {
        let agent = VirtualAgent(
            fallbackPolicy {
                $0.failureThreshold = 1
                $0.maxRequestsPerSecond = 0.05
            }
        )
        agent.attach()
        agent.answer = { attempt, _ in (attempt.method == .ping ? .failure(.timeout) : .success, .milliseconds(5)) }
        _ = agent.run(atMost: .seconds(301)) { $0.calls.count == 1 }
        agent.run(for: .milliseconds(10))
        #expect(agent.inFlight.isEmpty, "it waits for a token")
        agent.change(to: policy { $0.failureThreshold = 9 })
        agent.run(for: .seconds(900))
        #expect(agent.methods.count > 2 && agent.methods.allSatisfy { $0 == .ping })
    }

    @Test func `a backend that is switched off goes silent, and comes back within an interval`() {
        let agent = disabled(sessions: 10)
        let owned = agent.own()
        agent.run(for: .seconds(1))
        agent.change(to: policy { $0.method = .none })
        #expect(agent.told.contains(.notApplicable(backend: 0, .none)))
        let off = agent.engine.status(of: 0)
        #expect(off.breaker == .closed && off.notApplicable == NotApplicableReason.none)
        #expect(off.sessions.notApplicable == 11 && off.sessions.total == 11)
        let calls = agent.calls.count
        agent.run(for: .seconds(10_000))
        #expect(agent.calls.count == calls)
        agent.change(to: BackendPolicy())
        #expect(agent.told.contains(.applicable(backend: 0)))
        let back = agent.now
        agent.run(for: .seconds(300.1))
        #expect(Set(agent.calls.filter { $0.at >= back }.map(\.value.session)).count >= 10)
        #expect(agent.openings.map(\.value).contains(owned))
        #expect(agent.engine.status(of: 0).sessions.active == 11)
    }

    @Test func `a backend that is switched off during an opening leaves the session alone`() {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.own()
        agent.change(to: policy { $0.stateful = .stateless })
        agent.run(for: .seconds(100))
        #expect(agent.engine.status(of: session)?.state == .notApplicable)
        #expect(!agent.told.contains(.applicable(backend: 0)) && agent.calls.isEmpty)
    }

    @Test func `what was detected is looked at again on another server`() {
        let agent = VirtualAgent(BackendPolicy())
        agent.opening = { _, _ in (.stateless, .milliseconds(5)) }
        agent.own()
        agent.run(for: .seconds(100))
        #expect(agent.engine.status(of: 0).notApplicable == .stateless)
        agent.opening = { _, _ in (.stateful(advertisedTTL: nil), .milliseconds(5)) }
        agent.change(to: policy { $0.timeout = .seconds(3) })
        agent.run(for: .seconds(100))
        #expect(agent.openings.count == 1)
        agent.change(to: BackendPolicy(), isOtherServer: true)
        agent.run(for: .seconds(1))
        #expect(agent.openings.count == 2 && agent.engine.status(of: 0).sessions.active == 1)
    }

    // MARK: Pauses

    @Test func `a pause that was asked for ends with the server, or earlier when probes come earlier`() {
        let agent = VirtualAgent(policy { $0.interval = .seconds(60) })
        agent.attach()
        agent.answer = { _, _ in (.failure(.rateLimited, retryAfter: .seconds(1200)), .milliseconds(5)) }
        agent.run(for: .seconds(61))
        agent.answer = { _, _ in (.success, .milliseconds(5)) }
        #expect(agent.engine.status(of: 0).pausedUntil != nil)
        agent.change(
            to: policy {
                $0.interval = .seconds(60)
                $0.probeAfter = .seconds(300)
            }
        )
        #expect(agent.engine.status(of: 0).pausedUntil == agent.now + .seconds(300))
        agent.run(for: .seconds(100))
        #expect(agent.calls.count == 1)
        agent.change(to: policy { $0.interval = .seconds(60) }, isOtherServer: true)
        agent.run(for: .seconds(61))
        #expect(agent.calls.count >= 2)
    }
}
