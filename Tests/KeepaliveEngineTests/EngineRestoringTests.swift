// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct EngineRestoringTests {
    private let policy = KeepaliveEngineTests.policy { $0.interval = .seconds(300) }

    @Test func `a session is due one interval after its last activity`() {
        let agent = VirtualAgent(policy)
        let history = SessionHistory(lastActivity: agent.now + .seconds(-200), lastSuccess: agent.now + .seconds(-200))
        let session = agent.restore(history)
        agent.endRestoring()
        #expect(agent.run(atMost: .seconds(101)) { $0.calls.count == 1 })
        let start = Tick(milliseconds: 1_000_000)
        #expect((70_000...100_000).contains((agent.calls[0].at - start).wholeMilliseconds))
        #expect(agent.calls[0].value.session == session)
    }

    @Test func `ten thousand overdue sessions are paced, those first that expire first, and the first within 2 s`() {
        let agent = VirtualAgent(policy)
        let start = agent.now
        var idle: [SessionHandle: Int] = [:]
        for number in 0..<10_000 {
            // In no order: 1,000 to 10,999 s idle.
            let seconds = 1000 + number * 7919 % 10_000
            idle[agent.restore(SessionHistory(lastActivity: start + .seconds(-seconds)))] = seconds
        }
        agent.endRestoring()
        agent.run(for: .seconds(2))
        #expect(!agent.calls.isEmpty)
        // Twice what 10,000 sessions need at 300 s each.
        agent.run(for: .seconds(149))
        let first = agent.calls.prefix(10_000)
        #expect(Set(first.map(\.value.session)).count == 10_000)
        #expect(agent.peakPerSecond(from: start) <= 67 + 7)
        let order = first.compactMap { idle[$0.value.session] }
        #expect(zip(order, order.dropFirst()).allSatisfy { $0 >= $1 })
    }

    @Test(arguments: [(-600, LossReason.expiredWhileDisabled), (-100, .expiredDespiteKeepalive)])
    func `a loss while nobody kept the session alive is not held against the keepalive`(
        idle: Int,
        reason: LossReason
    ) {
        let agent = VirtualAgent(policy)
        agent.answer = { _, _ in (.failure(.sessionExpired), .milliseconds(5)) }
        agent.restore(SessionHistory(lastActivity: agent.now + .seconds(idle), lastSuccess: agent.now + .seconds(idle)))
        agent.endRestoring()
        agent.run(for: .seconds(301))
        let reasons = agent.told.compactMap { event -> LossReason? in
            if case .sessionLost(_, _, let reason, _, _) = event { reason } else { nil }
        }
        #expect(reasons == [reason])
    }

    @Test func `times that cannot be are put between now and one interval from now`() {
        let agent = VirtualAgent(policy)
        agent.restore(
            SessionHistory(lastActivity: agent.now + .seconds(1_000_000), lastSuccess: agent.now + .seconds(9))
        )
        agent.restore(
            SessionHistory(lastActivity: Tick(milliseconds: -1_000_000_000), lastSuccess: Tick(milliseconds: -5))
        )
        agent.endRestoring()
        agent.run(for: .seconds(1))
        #expect(agent.calls.count == 1)
        agent.run(for: .seconds(300))
        #expect(Set(agent.calls.map(\.value.session)).count == 2)
    }

    @Test func `a breaker stays open, without another count, and its probe comes when it was due`() {
        let agent = VirtualAgent(policy)
        var history = BackendHistory()
        history.disabled = BackendHistory.Disabled(
            reason: .timeout,
            since: agent.now + .seconds(-1000),
            nextProbe: agent.now + .seconds(500)
        )
        agent.restore(history)
        for _ in 0..<3 { agent.restore(SessionHistory(lastActivity: agent.now + .seconds(-600))) }
        agent.endRestoring()
        let status = agent.engine.status(of: BackendIndex(0))
        #expect(status.breaker == .open && status.disabledReason == .timeout)
        #expect(status.disabledSince == Tick(milliseconds: 0))
        agent.run(for: .seconds(499))
        #expect(agent.calls.isEmpty)
        agent.run(for: .seconds(2))
        #expect(agent.calls.first?.value.purpose == .probe && agent.reenables == 1)
        #expect(agent.count { if case .autoDisabled = $0 { true } else { false } } == 0)
        agent.run(for: .seconds(301))
        #expect(Set(agent.calls.map(\.value.session)).count == 3)
    }

    @Test func `a probe that is overdue comes at once, one that is too far away within probe_after`() {
        for (offset, limit) in [(-5000, 1), (1_000_000, 1801)] {
            let agent = VirtualAgent(policy)
            var history = BackendHistory()
            history.disabled = BackendHistory.Disabled(
                reason: .timeout,
                since: agent.now + .seconds(-9000),
                nextProbe: agent.now + .seconds(offset)
            )
            agent.restore(history)
            agent.restore(SessionHistory(lastActivity: agent.now + .seconds(-600)))
            agent.endRestoring()
            #expect(agent.run(atMost: .seconds(limit)) { $0.calls.count == 1 }, "\(offset)")
        }
    }

    @Test func `the tool stays latched, and ping has its turn a day after it was given up`() {
        let agent = VirtualAgent(fallbackPolicy { $0.interval = .seconds(300) })
        var history = BackendHistory()
        history.fallbackSince = agent.now + .seconds(-86_000)
        agent.restore(history)
        agent.restore(SessionHistory(lastActivity: agent.now + .seconds(-400)))
        agent.endRestoring()
        agent.run(for: .seconds(1))
        #expect(agent.calls.first?.value.method == .tool)
        #expect(agent.run(atMost: .seconds(1000)) { $0.calls.last?.value.method == .ping })
    }

    @Test func `a backend that somebody disabled stays so, for as long as was said`() {
        let agent = VirtualAgent(policy)
        var history = BackendHistory()
        history.hold = OperatorHold(since: agent.now + .seconds(-60), until: agent.now + .seconds(60))
        agent.restore(history)
        agent.restore(SessionHistory(lastActivity: agent.now + .seconds(-600)))
        agent.endRestoring()
        agent.run(for: .seconds(59))
        #expect(agent.calls.isEmpty)
        agent.run(for: .seconds(302))
        #expect(!agent.calls.isEmpty)
    }

    @Test func `activity that is older than what is known changes nothing`() {
        let agent = VirtualAgent(policy)
        let session = agent.attach()
        agent.run(for: .seconds(301))
        let known = agent.engine.status(of: session)?.lastActivity
        agent.send(.activity(session, at: agent.now + .seconds(-3600)))
        #expect(agent.engine.status(of: session)?.lastActivity == known)
        agent.send(.activity(session, at: agent.now + .seconds(3600)))
        #expect(agent.engine.status(of: session)?.lastActivity == agent.now, "never in the future")
    }

    @Test func `a new session that its owner used some time ago has its first turn within what is left`() {
        for seed in UInt64(1)...40 {
            let agent = VirtualAgent(policy, seed: seed)
            agent.attach(lastUse: agent.now + .seconds(-200))
            agent.attach(lastUse: agent.now + .seconds(-2000))
            agent.run(for: .milliseconds(20))
            #expect(agent.calls.count == 1, "one that is overdue is due now")
            agent.run(for: .seconds(100))
            #expect(Set(agent.calls.map(\.value.session)).count == 2)
        }
    }
}
