// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

/// What was promised to users, each rule by its name.
@Suite(.timeLimit(.minutes(1))) struct AcceptanceTests {
    @Test func `ping by default`() {
        let agent = VirtualAgent(BackendPolicy())
        agent.attach()
        agent.run(for: .seconds(3600))
        #expect(agent.calls.count >= 11)
        #expect(Set(agent.methods) == [.ping])
    }

    @Test func `falls back to the tool only when ping consistently fails`() {
        let agent = VirtualAgent(fallbackPolicy())
        agent.attach()
        var pings = 0
        agent.answer = { attempt, _ in
            if attempt.method == .ping { pings += 1 }
            // The first ping fails alone; from the third on all do.
            let fails = attempt.method == .ping && (pings == 1 || pings >= 3)
            return (fails ? .failure(.timeout) : .success, .milliseconds(5))
        }
        agent.run(for: .seconds(3600))
        #expect(Array(agent.methods.prefix(6)) == [.ping, .ping, .ping, .ping, .tool, .tool])
        #expect(agent.methods.dropFirst(4).allSatisfy { $0 == .tool })
        #expect(agent.told.contains(.fallbackSelected(backend: 0, reason: .timeout)))
        #expect(agent.disables == 0)
        let fallback = agent.calls[4].value
        #expect(fallback.cycle == agent.calls[3].value.cycle)
        #expect(fallback.number == 1)
        #expect(agent.calls[4].at == agent.calls[3].at + .milliseconds(5))
    }

    @Test func `latches the tool at once on method not found`() {
        let agent = VirtualAgent(fallbackPolicy())
        agent.attach()
        agent.answer = { attempt, _ in
            let outcome: Outcome =
                attempt.method == .ping ? .failure(.methodNotFound, reaction: .latchMethod) : .success
            return (outcome, .milliseconds(5))
        }
        agent.run(for: .seconds(3600))
        #expect(Array(agent.methods.prefix(2)) == [.ping, .tool])
        #expect(agent.methods.dropFirst().allSatisfy { $0 == .tool })
        #expect(agent.count { $0 == .fallbackSelected(backend: 0, reason: .methodNotFound) } == 1)
    }

    @Test func `none disables keepalive`() {
        let agent = VirtualAgent(policy { $0.method = .none })
        agent.attach()
        agent.own()
        agent.run(for: .seconds(86_400))
        #expect(agent.calls.isEmpty)
        #expect(agent.openings.isEmpty)
        #expect(agent.count { $0 == .notApplicable(backend: 0, .none) } == 1)
        #expect(agent.engine.status(of: 0).sessions.notApplicable == 2)
    }

    @Test(arguments: [1, 15, 300, 3600])
    func `interval is configurable and five minutes by default`(seconds: Int64) {
        #expect(BackendPolicy().interval == .seconds(300))
        let agent = VirtualAgent(
            policy {
                $0.interval = .seconds(seconds)
                $0.jitter = 0
            }
        )
        let session = agent.attach()
        agent.run(for: .seconds(seconds * 20))
        let times = agent.callTimes(of: session)
        #expect(times.count >= 19)
        for (one, next) in zip(times, times.dropFirst()) {
            // A timer has slots of 10 ms, and never fires late.
            #expect(next - one <= .seconds(seconds) && next - one > .seconds(seconds) - .milliseconds(20))
        }
    }

    @Test(arguments: [0.05, 0.1, 0.5])
    func `jitter only shortens and stays within its share`(jitter: Double) {
        let agent = VirtualAgent(policy { $0.jitter = jitter })
        let session = agent.attach()
        agent.run(for: .seconds(300 * 1000))
        let times = agent.callTimes(of: session)
        let spans = zip(times, times.dropFirst()).map { ($1 - $0).fractionalSeconds }
        #expect(spans.allSatisfy { $0 <= 300 && $0 > 300 * (1 - jitter) - 0.02 })
        let spread = (spans.max() ?? 0) - (spans.min() ?? 0)
        #expect(spread > 300 * jitter * 0.9, "chance is used at all")
    }

    @Test func `sessions loaded together are spread over the interval`() {
        let agent = VirtualAgent(BackendPolicy())
        for _ in 0..<3000 { agent.attach() }
        let start = agent.now
        agent.run(for: .seconds(300))
        let first = Dictionary(grouping: agent.calls, by: \.value.session).compactMapValues(\.first?.at)
        #expect(first.count == 3000)
        var deciles = [Int](repeating: 0, count: 10)
        for time in first.values { deciles[min(9, Int((time - start).fractionalSeconds / 30))] += 1 }
        #expect(deciles.dropLast().allSatisfy { $0 > 220 && $0 < 420 })
    }

    @Test func `the lock: the old session is never called after a reinitialize returned`() throws {
        let agent = VirtualAgent(policy { $0.interval = .seconds(10) })
        agent.answer = { _, _ in nil }
        let session = agent.attach()
        let inFlight = agent.run(atMost: .seconds(10)) { !$0.inFlight.isEmpty }
        #expect(inFlight)
        agent.send(.lock(session, LockTicket(rawValue: 1)))
        #expect(agent.grants.isEmpty, "the call is still in flight")
        agent.run(for: .zero)
        #expect(agent.aborts.count == 1)
        #expect(agent.inFlight.isEmpty)
        let grant = try #require(agent.grants.first)
        #expect(grant.value.isGranted)
        agent.run(for: .seconds(100))
        #expect(agent.calls.count == 1)
        #expect(agent.skips(.lockHeld) >= 9)
        agent.send(.unlock(session, LockTicket(rawValue: 1), .closed(.deleted)))
        agent.run(for: .seconds(1000))
        #expect(agent.calls.count == 1)
        #expect(agent.retired.map(\.value) == [session])
    }

    @Test func `a failure is an event and nothing else`() {
        for reason in FailureReason.counted {
            let agent = VirtualAgent(policy { $0.failureThreshold = 1000 })
            let session = agent.attach()
            agent.answer = { _, _ in (.failure(reason), .milliseconds(5)) }
            _ = agent.run(atMost: .seconds(300)) {
                !$0.told.filter { if case .called = $0 { true } else { false } }.isEmpty
            }
            agent.run(for: .milliseconds(100))
            #expect(agent.calls.count == 1, "\(reason)")
            #expect(agent.openings.isEmpty && agent.aborts.isEmpty)
            let isLost = agent.told.contains { if case .sessionLost = $0 { true } else { false } }
            #expect(agent.retired.map(\.value) == (isLost ? [session] : []), "\(reason)")
        }
    }

    @Test(arguments: [1, 3, 10])
    func `auto-disables after N failures with one event`(threshold: Int) {
        let agent = VirtualAgent(policy { $0.failureThreshold = threshold })
        for _ in 0..<20 { agent.attach() }
        agent.answer = { _, _ in (.failure(.connect), .milliseconds(5)) }
        agent.run(for: .seconds(1500))
        #expect(agent.calls.count == threshold)
        #expect(agent.disables == 1)
        #expect(
            agent.told.contains {
                if case .autoDisabled(0, .connect, threshold, _) = $0 { true } else { false }
            }
        )
        #expect(agent.engine.status(of: 0).breaker == .open)
    }

    @Test func `one probe after about 30 minutes re-enables and spreads the sessions`() throws {
        let agent = VirtualAgent(BackendPolicy())
        for _ in 0..<100 { agent.attach() }
        var isDown = true
        agent.answer = { _, _ in (isDown ? .failure(.connect) : .success, .milliseconds(5)) }
        let isDisabled = agent.run(atMost: .seconds(300)) { $0.disables == 1 }
        #expect(isDisabled)
        let disabledAt = agent.now
        isDown = false
        let isReenabled = agent.run(atMost: .seconds(1800)) { $0.reenables == 1 }
        #expect(isReenabled)
        let probes = agent.calls.filter { $0.value.purpose == .probe }
        #expect(probes.count == 1)
        let probe = try #require(probes.first)
        let delay = probe.at - disabledAt
        #expect(delay <= .seconds(1801) && delay >= .seconds(1619))
        #expect(agent.calls.count == 4, "three failures and one probe")
        let reenabledAt = agent.now
        agent.run(for: .seconds(300))
        let after = agent.calls.filter { $0.at >= reenabledAt }
        let deciles = Dictionary(grouping: after) { Int(($0.at - reenabledAt).fractionalSeconds / 30) }
        #expect(Set(after.map(\.value.session)).count == 100)
        #expect(deciles.allSatisfy { $0.key == 10 || $0.value.count <= 21 })
        #expect(agent.disables == 1 && agent.reenables == 1)
    }

    @Test func `stateless is off by default`() {
        let agent = VirtualAgent(BackendPolicy(), policy { $0.stateful = .stateless })
        agent.opening = { _, _ in (.stateless, .milliseconds(5)) }
        agent.own(on: 0)
        agent.attach(to: 1)
        agent.own(on: 1)
        agent.run(for: .seconds(80_000))
        #expect(agent.calls.isEmpty)
        #expect(agent.openings.count == 1, "the one that found out")
        #expect(agent.told.contains(.notApplicable(backend: 0, .stateless)))
        #expect(agent.told.contains(.notApplicable(backend: 1, .stateless)))
        #expect(agent.count { if case .called = $0 { true } else { false } } == 0)
    }

    @Test(arguments: zip([28_800, 28_801, 28_799], [false, false, true]))
    func `TTL alignment turns keepalive off`(ttl: Int64, isKeptAlive: Bool) {
        let agent = VirtualAgent(
            policy {
                $0.sessionTTL = .seconds(ttl)
                $0.sessionLifetime = .seconds(28_800)
            }
        )
        agent.attach()
        agent.run(for: .seconds(3600))
        #expect(agent.calls.isEmpty != isKeptAlive)
        #expect(agent.told.contains(.notApplicable(backend: 0, .ttlAligned)) != isKeptAlive)
    }

    @Test func `two keepalives are never in flight on one session`() {
        let agent = VirtualAgent(fallbackPolicy { $0.interval = .seconds(1) })
        for _ in 0..<50 { agent.attach() }
        var inFlight: Set<SessionHandle> = []
        var random = SplitMix64(seed: 3)
        var overlaps = 0
        agent.answer = { attempt, _ in
            if agent.inFlight.count(where: { $0.session == attempt.session }) > 1 { overlaps += 1 }
            inFlight.insert(attempt.session)
            // Up to five intervals long.
            return (.success, .milliseconds(Int64.random(in: 1...5000, using: &random)))
        }
        for _ in 0..<300 {
            agent.run(for: .milliseconds(333))
            let sessions = agent.inFlight.map(\.session)
            #expect(Set(sessions).count == sessions.count)
        }
        #expect(overlaps == 0)
        #expect(inFlight.count == 50)
    }
}
