// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct EngineOpeningTests {
    @Test func `failures to open back off up to a minute and never disable`() {
        let agent = VirtualAgent(policy { $0.failureThreshold = 1 })
        agent.opening = { _, _ in (.failed(.failure(.connect)), .milliseconds(5)) }
        agent.own()
        agent.run(for: .seconds(600))
        let times = agent.openings.map(\.at)
        let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
        for (gap, longest) in zip(gaps, [1, 2, 4, 8, 16, 32, 60, 60, 60]) {
            #expect(gap <= .seconds(longest) + .milliseconds(5) && gap >= .seconds(Double(longest) * 0.74))
        }
        #expect(gaps.count >= 12)
        #expect(agent.disables == 0)
        #expect(agent.calls.isEmpty)
        #expect(agent.count { if case .openingFailed(_, _, _, .some) = $0 { true } else { false } } == times.count)
        #expect(agent.engine.status(of: 0).sessions.unopened == 1)
        agent.opening = { _, _ in (.stateful(advertisedTTL: .seconds(30)), .milliseconds(5)) }
        agent.run(for: .seconds(61))
        #expect(agent.engine.status(of: 0).sessions.active == 1)
        #expect(agent.engine.status(of: 0).interval == .seconds(10))
    }

    @Test func `a refused opening is repeated once when the credential changed`() {
        let agent = VirtualAgent(BackendPolicy())
        agent.isCredentialChanged = { _, _ in true }
        agent.opening = { _, _ in
            (
                agent.openings.count == 1 ? .failed(.failure(.unauthorized)) : .stateful(advertisedTTL: nil),
                .milliseconds(5)
            )
        }
        agent.own()
        agent.run(for: .milliseconds(100))
        #expect(agent.openings.count == 2)
        #expect(agent.refreshes.count == 1)
        #expect(agent.engine.status(of: 0).sessions.active == 1)
    }

    @Test func `a credential that keeps changing and is never right pauses all the same`() {
        let agent = VirtualAgent(BackendPolicy())
        agent.isCredentialChanged = { _, _ in true }
        agent.opening = { _, _ in (.failed(.failure(.unauthorized)), .milliseconds(5)) }
        agent.own()
        agent.run(for: .seconds(1000))
        #expect(agent.openings.count == 2)
        #expect(agent.refreshes.count == 1)
        #expect(agent.engine.status(of: 0).sessions.paused == 1)
    }

    @Test func `what one session finds applicable is opened for the others at once`() {
        let agent = VirtualAgent(BackendPolicy())
        agent.opening = { _, _ in (.stateless, .milliseconds(5)) }
        agent.own()
        agent.run(for: .seconds(40_000))
        agent.own()
        agent.run(for: .seconds(40_000))
        agent.opening = { _, _ in (.stateful(advertisedTTL: nil), .milliseconds(5)) }
        let isApplicable = agent.run(atMost: .seconds(7000)) { $0.told.contains(.applicable(backend: 0)) }
        #expect(isApplicable)
        agent.run(for: .seconds(1))
        #expect(agent.openings.count == 4)
        #expect(agent.engine.status(of: 0).sessions.active == 2)
    }

    @Test(arguments: [FailureReason.unauthorized, .forbidden])
    func `an opening that stays refused pauses, but for one try per probe time`(reason: FailureReason) {
        let agent = VirtualAgent(BackendPolicy())
        agent.opening = { _, _ in (.failed(.failure(reason)), .milliseconds(5)) }
        let session = agent.own()
        agent.run(for: .seconds(1700))
        #expect(agent.openings.count == 1)
        #expect(agent.refreshes.count == (reason == .unauthorized ? 1 : 0))
        #expect(agent.engine.status(of: 0).sessions.paused == 1)
        agent.run(for: .seconds(200))
        #expect(agent.openings.count == 2)
        agent.opening = { _, _ in (.stateful(advertisedTTL: nil), .milliseconds(5)) }
        agent.send(.credentialChanged(session))
        agent.run(for: .milliseconds(100))
        #expect(agent.openings.count == 3)
        #expect(agent.engine.status(of: 0).sessions.active == 1)
        #expect(agent.count { if case .sessionResumed = $0 { true } else { false } } == 1)
    }

    @Test(arguments: zip([OpeningResult.stateless, .modern], [NotApplicableReason.stateless, .modern]))
    func `what is not applicable is checked again once a day`(result: OpeningResult, reason: NotApplicableReason) {
        let agent = VirtualAgent(BackendPolicy())
        agent.opening = { _, _ in (result, .milliseconds(5)) }
        agent.own()
        agent.own()
        agent.run(for: .seconds(86_000))
        #expect(agent.openings.count == 2)
        #expect(agent.count { $0 == .notApplicable(backend: 0, reason) } == 1)
        #expect(agent.engine.status(of: 0).notApplicable == reason)
        #expect(agent.engine.status(of: 0).sessions.notApplicable == 2)
        agent.run(for: .seconds(1000))
        #expect(agent.openings.count == 4)
        agent.opening = { _, _ in (.stateful(advertisedTTL: nil), .milliseconds(5)) }
        agent.run(for: .seconds(86_400))
        #expect(agent.count { $0 == .applicable(backend: 0) } == 1)
        #expect(agent.engine.status(of: 0).notApplicable == nil)
        #expect(agent.engine.status(of: 0).sessions.active == 2)
        agent.run(for: .seconds(300))
        #expect(Set(agent.calls.map(\.value.session)).count == 2)
    }

    @Test func `an attached session of such a backend is kept alive, for it has an id`() {
        let agent = VirtualAgent(BackendPolicy())
        agent.opening = { _, _ in (.stateless, .milliseconds(5)) }
        agent.own()
        agent.attach()
        agent.run(for: .seconds(1000))
        #expect(agent.calls.count >= 3)
    }

    @Test func `a backend that asks for a pause while opening gets it`() {
        let agent = VirtualAgent(BackendPolicy())
        agent.opening = { _, _ in
            (
                agent.openings.count == 1
                    ? .failed(.failure(.rateLimited, retryAfter: .seconds(90))) : .stateful(advertisedTTL: nil),
                .milliseconds(5)
            )
        }
        agent.own()
        agent.run(for: .seconds(89))
        #expect(agent.openings.count == 1)
        agent.run(for: .seconds(2))
        #expect(agent.openings.count == 2)
    }

    @Test func `a release during the opening waits for its end`() {
        let agent = VirtualAgent(BackendPolicy())
        let session = agent.own()
        agent.send(.release(session, .unlisted))
        #expect(agent.retired.isEmpty)
        agent.run(for: .milliseconds(5))
        #expect(agent.retired.map(\.value) == [session])
        agent.run(for: .seconds(1000))
        #expect(agent.calls.isEmpty)
    }
}
