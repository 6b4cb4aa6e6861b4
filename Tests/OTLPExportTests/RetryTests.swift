// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import OTLPExport

@Suite struct RetryTests {
    private let retry = Retry()

    private func decide(
        _ failure: ExportFailure,
        attempt: Int = 1,
        retryAfter: Duration? = nil,
        remaining: Duration = .seconds(100),
        random: Double = 0.5
    ) -> Retry.Decision {
        retry.decide(
            after: failure,
            attempt: attempt,
            retryAfter: retryAfter,
            remaining: remaining,
            random: random
        )
    }

    @Test func `repeats exactly these four of all statuses`() {
        let retried = (100...599).filter { decide(.status($0)) != .giveUp }
        #expect(retried == [429, 502, 503, 504])
    }

    @Test func `repeats when no answer came, unless it would come to the same`() {
        let retried = TransportFailure.allCases.filter { decide(.transport($0)) != .giveUp }
        #expect(retried == [.connect, .dns, .timeout, .disconnect, .localResource])
    }

    @Test(arguments: [
        (1, 0.0, 500), (1, 1.0, 1500), (2, 0.5, 2000), (3, 0.5, 4000), (5, 0.5, 16_000), (6, 0.5, 30_000),
        (6, 1.0, 45_000), (1000, 0.5, 30_000),
    ]) func `waits twice as long each time, up to a limit, with jitter`(attempt: Int, random: Double, wait: Int) {
        #expect(decide(.status(503), attempt: attempt, random: random) == .retry(after: .milliseconds(wait)))
    }

    @Test func `waits as long as it was told to, but not less than usual`() {
        #expect(decide(.status(429), retryAfter: .seconds(7)) == .retry(after: .seconds(7)))
        #expect(decide(.status(429), attempt: 3, retryAfter: .seconds(1)) == .retry(after: .seconds(4)))
    }

    @Test func `does not begin a wait that ends after the deadline`() {
        #expect(decide(.status(503), remaining: .milliseconds(1001)) == .retry(after: .seconds(1)))
        #expect(decide(.status(503), remaining: .seconds(1)) == .giveUp)
        #expect(decide(.transport(.connect), remaining: .seconds(-1)) == .giveUp)
    }

    @Test func `keeps the batch when it was told to wait beyond the deadline, at most an hour`() {
        #expect(decide(.status(429), retryAfter: .seconds(200)) == .keepAndPause(for: .seconds(200)))
        #expect(decide(.status(503), retryAfter: .seconds(1_000_000)) == .keepAndPause(for: .seconds(3600)))
        #expect(decide(.status(400), retryAfter: .seconds(200)) == .giveUp)
    }

    @Test func `names failures as error types`() {
        #expect(ExportFailure.status(413).errorType == "413")
        #expect(ExportFailure.transport(.replyTooLarge).errorType == "reply_too_large")
    }
}
