// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

/// The promise of `explain`, by hand and against the engine in virtual time.
@Suite(.timeLimit(.minutes(1))) struct DetectionBoundTests {
    /// A policy with the longest time until it disables a silent backend, in seconds.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var policy: BackendPolicy
        var seconds: Double

        init(_ name: String, _ seconds: Double, _ change: (inout BackendPolicy) -> Void) {
            testDescription = name
            policy = KeepaliveEngineTests.policy(change)
            self.seconds = seconds
        }
    }

    static let cases = [
        Case("the defaults: 3 x 300 + 10", 910) { _ in },
        Case("one failure: 300 + 10", 310) { $0.failureThreshold = 1 },
        Case("a tool: 3 x 300 + 30", 930) { $0.method = .tool },
        Case("a fallback from the second failure on: 3 x 300 + 2 x 10 + 30", 950) {
            $0.method = .ping(hasFallback: true)
        },
        Case("a fallback at the only failure: 300 + 10 + 30", 340) {
            $0.method = .ping(hasFallback: true)
            $0.failureThreshold = 1
        },
        Case("a TTL of 15 s: 3 x 5 + 5, for no call outlasts the interval", 20) { $0.sessionTTL = .seconds(15) },
        Case("the floor, five failures and a fallback: 5 x 1 + 4 x 0.5 + 1", 8) {
            $0.method = .ping(hasFallback: true)
            $0.sessionTTL = .seconds(2)
            $0.timeout = .milliseconds(500)
            $0.failureThreshold = 5
        },
        Case("much jitter does not matter: 3 x 60 + 10", 190) {
            $0.interval = .seconds(60)
            $0.jitter = 1
        },
    ]

    @Test(arguments: cases)
    func `is what a person works out`(example: Case) throws {
        #expect(try #require(DetectionBound(policy: example.policy)).longest == .seconds(example.seconds))
    }

    /// How long the engine takes to disable a backend that answers nothing after the first success.
    private func detection(_ policy: BackendPolicy, seed: UInt64) throws -> Duration {
        let agent = VirtualAgent(policy, seed: seed)
        agent.attach()
        var success: Tick?
        agent.answer = { attempt, now in
            guard success != nil else {
                success = now
                return (.success, .zero)
            }
            return (.failure(.timeout), attempt.timeout)
        }
        #expect(agent.run(atMost: .seconds(100_000)) { $0.disables == 1 })
        return agent.now - (try #require(success))
    }

    @Test(arguments: cases)
    func `without jitter the engine takes exactly so long, but for the width of the timers' slots`(
        example: Case
    ) throws {
        var policy = example.policy
        policy.jitter = 0
        let longest = try #require(DetectionBound(policy: policy)).longest
        for seed in UInt64(1)...5 {
            let taken = try detection(policy, seed: seed)
            #expect(taken <= longest)
            #expect(taken >= longest - .milliseconds(TimerWheel.slotWidth) * policy.failureThreshold, "\(taken)")
        }
    }

    @Test(arguments: cases)
    func `with jitter the engine never takes longer, and with the worst draws nearly as long`(example: Case) throws {
        let longest = try #require(DetectionBound(policy: example.policy)).longest
        let taken = try (UInt64(1)...300).map { try detection(example.policy, seed: $0) }
        let worst = try #require(taken.max())
        #expect(worst <= longest)
        // The sum of up to five draws comes within a third of its spread of the end.
        let spread = longest.scaled(by: example.policy.jitter / 3)
        #expect(worst >= longest - spread, "\(worst) of \(longest)")
    }

    @Test func `a backend that is not called is never found out`() {
        #expect(DetectionBound(policy: policy { $0.method = .none }) == nil)
        #expect(DetectionBound(policy: policy { $0.stateful = .stateless }) == nil)
        let covered = policy {
            $0.sessionTTL = .seconds(60)
            $0.sessionLifetime = .seconds(60)
        }
        #expect(DetectionBound(policy: covered) == nil)
    }

    @Test func `keepalives that are lost make the gap longer`() throws {
        let ping = try #require(DetectionBound(policy: BackendPolicy()))
        #expect((0...2).map(ping.longestGap) == [.seconds(300), .seconds(600), .seconds(900)])
        let fallback = try #require(DetectionBound(policy: fallbackPolicy()))
        #expect(
            (0...2).map(fallback.longestGap) == [.seconds(300), .seconds(600), .seconds(910)],
            "the second one waits for ping before it calls the tool"
        )
    }
}
