// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct EnginePauseTests {
    private func pauses(_ agent: VirtualAgent) -> Int {
        agent.count { if case .sessionPaused = $0 { true } else { false } }
    }

    private func resumes(_ agent: VirtualAgent) -> Int {
        agent.count { if case .sessionResumed = $0 { true } else { false } }
    }

    @Test func `a refused credential is read again, and the call repeated once when it changed`() {
        let agent = VirtualAgent(BackendPolicy())
        agent.attach()
        agent.isCredentialChanged = { _, _ in true }
        var calls = 0
        agent.answer = { _, _ in
            calls += 1
            return (calls == 1 ? .failure(.unauthorized) : .success, .milliseconds(5))
        }
        agent.run(for: .seconds(300))
        #expect(agent.refreshes.count == 1)
        #expect(agent.calls.map(\.value.number) == [0, 1])
        #expect(agent.calls.first?.value.cycle == agent.calls.last?.value.cycle)
        #expect(pauses(agent) == 0)
        #expect(agent.count { if case .cycleEnded = $0 { true } else { false } } == 1)
    }

    @Test(arguments: [false, true])
    func `a credential that stays refused pauses the session, but for one try per probe time`(changes: Bool) {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.attach()
        agent.isCredentialChanged = { _, _ in changes }
        agent.answer = { _, _ in (.failure(.unauthorized), .milliseconds(5)) }
        agent.run(for: .seconds(301))
        let perTry = changes ? 2 : 1
        #expect(agent.calls.count == perTry)
        #expect(pauses(agent) == 1)
        #expect(agent.engine.status(of: 0).sessions.paused == 1)
        #expect(agent.engine.status(of: session)?.isPaused == true)
        agent.run(for: .seconds(1400))
        #expect(agent.calls.count == perTry)
        agent.run(for: .seconds(500))
        #expect(agent.calls.count == 2 * perTry)
        #expect(pauses(agent) == 1, "it is the same pause")
        agent.answer = { _, _ in (.success, .milliseconds(5)) }
        agent.run(for: .seconds(1801))
        #expect(resumes(agent) == 1)
        #expect(agent.engine.status(of: 0).sessions.active == 1)
    }

    @Test func `a forbidden session pauses at once and goes on when its credential changes`() {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.attach()
        agent.attach()
        agent.answer = { attempt, _ in
            (attempt.session == session ? .failure(.forbidden) : .success, .milliseconds(5))
        }
        agent.run(for: .seconds(800))
        #expect(agent.refreshes.isEmpty)
        #expect(agent.callTimes(of: session).count == 1)
        #expect(agent.calls.count >= 3, "the other goes on")
        agent.answer = { _, _ in (.success, .milliseconds(5)) }
        agent.send(.credentialChanged(session))
        agent.run(for: .milliseconds(20))
        #expect(agent.callTimes(of: session).count == 2, "overdue, so at once")
        #expect(resumes(agent) == 1)
        agent.send(.credentialChanged(session))
        #expect(resumes(agent) == 1)
    }

    @Test func `without the second look at the credential nobody is paused`() throws {
        let agent = VirtualAgent(BackendPolicy())
        for _ in 0..<2 { agent.attach() }
        agent.answer = { _, _ in nil }
        _ = agent.run(atMost: .seconds(300)) { $0.calls.count == 2 }
        let calls = agent.inFlight
        agent.send(.finished(calls[0], .failure(.tls)))
        agent.send(.finished(calls[1], .failure(.unauthorized)))
        #expect(agent.disables == 1)
        #expect(agent.refreshes.isEmpty)
        #expect(pauses(agent) == 0)
    }

    @Test func `a paused session makes the probe when its try comes and there is no other`() throws {
        let agent = VirtualAgent(BackendPolicy())
        let paused = agent.attach()
        let other = agent.attach()
        agent.answer = { attempt, _ in
            let isOtherDown = agent.engine.status(of: paused)?.isPaused == true
            let outcome: Outcome = isOtherDown ? .failure(.tls) : .success
            return (attempt.session == paused ? .failure(.forbidden) : outcome, .milliseconds(5))
        }
        agent.run(for: .seconds(601))
        #expect(pauses(agent) == 1 && agent.disables == 1)
        agent.send(.release(other, .unlisted))
        agent.answer = { _, _ in (.success, .milliseconds(5)) }
        agent.run(for: .seconds(1801))
        #expect(agent.calls.filter { $0.value.purpose == .probe }.map(\.value.session) == [paused])
        #expect(agent.reenables == 1 && resumes(agent) == 1)
    }

    struct Case: Sendable {
        let outcome: Outcome
        let seconds: Int64?
    }

    @Test(arguments: [
        Case(outcome: .failure(.rateLimited), seconds: 300),
        Case(outcome: .failure(.rateLimited, retryAfter: .seconds(42)), seconds: 42),
        Case(outcome: .failure(.rateLimited, retryAfter: .zero), seconds: 1),
        Case(outcome: .failure(.rateLimited, retryAfter: .seconds(1_000_000)), seconds: 1800),
        Case(outcome: .failure(.http5xx, reaction: .pauseBackendIfTold, retryAfter: .seconds(42)), seconds: 42),
        Case(outcome: .failure(.http5xx, reaction: .pauseBackendIfTold), seconds: nil),
    ])
    func `a backend that asks to be left alone is`(_ test: Case) {
        let agent = VirtualAgent(policy { $0.interval = .seconds(300) })
        for _ in 0..<200 { agent.attach() }
        var calls = 0
        agent.answer = { _, _ in
            calls += 1
            return (calls == 1 ? test.outcome : .success, .zero)
        }
        _ = agent.run(atMost: .seconds(300)) { $0.calls.count == 1 }
        agent.run(for: .zero)
        let start = agent.now
        #expect(agent.engine.status(of: 0).pausedUntil == test.seconds.map { start + .seconds($0) })
        agent.run(for: .seconds(test.seconds ?? 300))
        let next = agent.calls.dropFirst().first?.at ?? .never
        if let seconds = test.seconds {
            #expect(next >= start + .seconds(seconds))
            #expect(
                agent.count { if case .backendPaused(0, _, start + .seconds(seconds)) = $0 { true } else { false } }
                    == 1
            )
        } else {
            #expect(next < start + .seconds(20))
        }
        agent.run(for: .seconds(300))
        #expect(agent.engine.status(of: 0).pausedUntil == nil)
        #expect(Set(agent.calls.map(\.value.session)).count == 200, "those that were due then are called after it")
        #expect(agent.peakPerSecond() <= 25)
        #expect(agent.skips(.rateLimited) <= 10)
    }

    @Test func `503 with a time still counts for the breaker, and the probe waits for it`() {
        let agent = VirtualAgent(
            policy {
                $0.failureThreshold = 1
                $0.probeAfter = .seconds(60)
            }
        )
        agent.attach()
        let busy = Outcome.failure(.http5xx, reaction: .pauseBackendIfTold, retryAfter: .seconds(60))
        agent.answer = { _, _ in (busy, .zero) }
        _ = agent.run(atMost: .seconds(300)) { $0.calls.count == 1 }
        agent.run(for: .zero)
        let start = agent.now
        #expect(agent.disables == 1)
        agent.run(for: .seconds(59.9))
        #expect(agent.calls.count == 1)
        agent.run(for: .seconds(0.2))
        #expect(agent.calls.last.map { $0.at >= start + .seconds(60) } ?? false)
        #expect(agent.calls.count == 2)
    }
}
