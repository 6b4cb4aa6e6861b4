// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct EngineAdmissionTests {
    @Test func `no more than the cap is in flight, and everybody has a turn`() {
        let agent = VirtualAgent(
            policy {
                $0.maxRequestsInFlight = 3
                $0.interval = .seconds(10)
                $0.maxRequestsPerSecond = 1000
            }
        )
        for _ in 0..<40 { agent.attach() }
        var largest = 0
        agent.answer = { _, _ in
            largest = max(largest, agent.inFlight.count)
            return (.success, .milliseconds(700))
        }
        agent.run(for: .seconds(100))
        #expect(largest == 3)
        #expect(Set(agent.calls.map(\.value.session)).count == 40)
        let counts = Dictionary(grouping: agent.calls, by: \.value.session).mapValues(\.count)
        #expect(counts.values.allSatisfy { $0 >= 9 }, "first come, first served")
    }

    @Test func `waiting for room is told once for each time of being due`() {
        let agent = VirtualAgent(policy { $0.maxRequestsInFlight = 1 })
        let one = agent.attach()
        let other = agent.attach()
        agent.answer = { _, _ in nil }
        agent.run(for: .seconds(3000))
        #expect(agent.calls.count == 1)
        #expect(agent.skips(.rateLimited) == 1)
        let waiting = agent.calls.first?.value.session == one ? other : one
        #expect(agent.engine.status(of: waiting)?.activity == .waiting)
        guard let attempt = agent.inFlight.first else { return }
        agent.send(.finished(attempt, .success))
        #expect(agent.calls.last?.value.session == waiting)
    }

    @Test func `who is due first is called first`() {
        let agent = VirtualAgent(
            policy {
                $0.maxRequestsPerSecond = 0.5
                $0.interval = .seconds(60)
            }
        )
        for _ in 0..<40 { agent.attach() }
        agent.run(for: .seconds(3600))
        #expect(agent.calls.count > 1700)
        let due = agent.calls.map(\.value.due)
        // Timers of one slot fire in any order.
        #expect(zip(due, due.dropFirst()).allSatisfy { $0 < $1 + .milliseconds(10) })
    }

    @Test func `a slow backend does not delay another`() {
        let agent = VirtualAgent(policy { $0.maxRequestsInFlight = 1 }, BackendPolicy())
        for _ in 0..<10 {
            agent.attach(to: 0)
            agent.attach(to: 1)
        }
        agent.answer = { attempt, _ in attempt.backend == 0 ? nil : (.success, .milliseconds(5)) }
        agent.run(for: .seconds(3000))
        #expect(agent.calls.count { $0.value.backend == 0 } == 1)
        #expect(agent.calls.filter { $0.value.backend == 1 }.allSatisfy { $0.at - $0.value.due < .milliseconds(10) })
    }

    @Test func `a mass of fallbacks is paced, too`() {
        let agent = VirtualAgent(fallbackPolicy { $0.failureThreshold = 1000 })
        for _ in 0..<60 { agent.attach() }
        agent.run(for: .seconds(300))
        // All pings of ten seconds fail at the same moment.
        agent.answer = { attempt, time in
            attempt.method == .tool
                ? (.failure(.toolError), .milliseconds(5))
                : (.failure(.timeout), .milliseconds(10_000 - time.milliseconds % 10_000))
        }
        agent.run(for: .seconds(600))
        #expect(agent.methods.count { $0 == .tool } > 60)
        #expect(agent.peakPerSecond() <= 22)
    }

    @Test func `a machine that is short of something sends less for one interval`() {
        let agent = VirtualAgent(
            policy {
                $0.maxRequestsInFlight = 4
                $0.interval = .seconds(10)
            }
        )
        for _ in 0..<30 { agent.attach() }
        var largest = 0
        var isShort = true
        agent.answer = { _, _ in
            largest = max(largest, agent.inFlight.count)
            defer { isShort = false }
            return isShort ? (.failure(.localResource), .zero) : (.success, .milliseconds(2000))
        }
        _ = agent.run(atMost: .seconds(10)) { $0.calls.count == 1 }
        agent.run(for: .zero)
        agent.run(for: .seconds(9.9))
        #expect(largest == 2)
        agent.run(for: .seconds(20))
        #expect(largest == 4)
        #expect(agent.disables == 0)
    }

    @Test func `many owned sessions are not opened all at once`() {
        let agent = VirtualAgent(BackendPolicy())
        for _ in 0..<200 { agent.own() }
        #expect(agent.openings.count == 2)
        agent.run(for: .seconds(10))
        #expect(agent.openings.count == 200)
        let seconds = Dictionary(grouping: agent.openings) { $0.at.milliseconds / 1000 }
        #expect(seconds.values.allSatisfy { $0.count <= 22 })
    }
}
