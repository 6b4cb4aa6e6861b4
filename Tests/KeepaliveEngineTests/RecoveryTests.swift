// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct RecoveryTests {
    /// An agent whose backend was down for hours with that many sessions, right after it was enabled again.
    private func recovered(sessions: Int, policy: BackendPolicy = BackendPolicy()) -> VirtualAgent {
        let agent = VirtualAgent(policy)
        for _ in 0..<sessions { agent.attach() }
        var isDown = false
        agent.answer = { _, _ in (isDown ? .failure(.connect) : .success, .milliseconds(5)) }
        agent.run(for: .seconds(900))
        isDown = true
        agent.run(for: .seconds(3 * 3600))
        isDown = false
        _ = agent.run(atMost: .seconds(1801)) { $0.reenables == 1 }
        return agent
    }

    @Test func `ten thousand overdue sessions come back at 20 a second, within 500 s`() {
        let agent = recovered(sessions: 10_000)
        let start = agent.now
        let skips = agent.skips(.rateLimited)
        // Ordered by their last activity, whoever is nearest to its end comes first.
        let before = Dictionary(grouping: agent.calls, by: \.value.session).compactMapValues(\.last?.at)
        agent.run(for: .seconds(200))
        #expect(agent.skips(.rateLimited) - skips <= 10, "the spread itself keeps to the rate")
        agent.run(for: .milliseconds(299_900))
        #expect(agent.peakPerSecond(from: start) <= 22)
        agent.run(for: .milliseconds(100))
        let after = agent.calls.filter { $0.at >= start }
        let backlog = after.prefix(9999)
        #expect(Set(backlog.map(\.value.session)).count == 9999, "each once, before any has its second turn")
        let order = backlog.compactMap { before[$0.value.session] }
        #expect(zip(order, order.dropFirst()).allSatisfy { $0 <= $1 })
        // All are overdue again after that, and go on at the pace that they need.
        agent.run(for: .seconds(600))
        let last = Dictionary(grouping: agent.calls, by: \.value.session).compactMapValues(\.last?.at)
        #expect(last.values.allSatisfy { agent.now - $0 <= .seconds(301) })
        #expect(agent.disables == 1)
    }

    @Test func `a suspend in the middle of a recovery does not bunch it up`() {
        let agent = recovered(sessions: 10_000)
        agent.run(for: .seconds(100))
        agent.suspend(for: .seconds(60))
        let start = agent.now
        agent.run(for: .seconds(60))
        #expect(agent.peakPerSecond(from: start) <= 23)
        #expect(agent.calls.count { $0.at >= start } >= 1190)
    }

    @Test func `few sessions are spread over the whole interval`() {
        let agent = recovered(sessions: 10)
        let start = agent.now
        agent.run(for: .seconds(299))
        let times = agent.calls.filter { $0.at >= start && $0.value.due >= start }.map { $0.at - start }
        #expect(times.count >= 9)
        #expect(times.first.map { $0 <= .milliseconds(10) } ?? false)
        #expect(times.contains { $0 > .seconds(230) })
    }

    @Test func `a configured rate is kept while recovering`() {
        let agent = recovered(
            sessions: 500,
            policy: policy {
                $0.maxRequestsPerSecond = 4
                $0.interval = .seconds(60)
            }
        )
        let start = agent.now
        agent.run(for: .seconds(125))
        #expect(agent.peakPerSecond(from: start) <= 5)
        #expect(Set(agent.calls.filter { $0.at >= start }.map(\.value.session)).count >= 499)
    }

    @Test func `an outage costs one call per probe`() {
        let agent = VirtualAgent(BackendPolicy())
        for _ in 0..<100 { agent.attach() }
        agent.answer = { _, _ in (.failure(.connect), .milliseconds(5)) }
        agent.run(for: .seconds(24 * 3600))
        #expect(agent.disables == 1)
        #expect(agent.calls.count >= 3 + 47 && agent.calls.count <= 3 + 54)
        #expect(agent.calls.dropFirst(3).allSatisfy { $0.value.purpose == .probe })
        #expect(agent.skips(.rateLimited) == 0 && agent.skips(.lockHeld) == 0)
    }

    @Test func `after a suspend overdue sessions are paced`() {
        let agent = VirtualAgent(BackendPolicy())
        for _ in 0..<600 { agent.attach() }
        agent.run(for: .seconds(600))
        agent.suspend(for: .seconds(7200))
        let start = agent.now
        agent.run(for: .seconds(60))
        let after = agent.calls.filter { $0.at >= start }
        #expect(agent.peakPerSecond(from: start) <= 25)
        #expect(Set(after.map(\.value.session)).count == 600)
        #expect(agent.skips(.rateLimited) >= 590)
    }
}
