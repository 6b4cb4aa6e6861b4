// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import Testing

@Suite struct BackoffTests {
    @Test(arguments: zip(0..<9, [1, 2, 4, 8, 16, 32, 60, 60, 60]))
    func `doubles up to a minute, and chance only shortens`(failures: Int, longest: Int64) {
        var random = SplitMix64(seed: UInt64(failures))
        for _ in 0..<1000 {
            let delay = Backoff.delay(after: failures, using: &random)
            #expect(delay <= .seconds(longest))
            #expect(delay >= Duration.seconds(longest).scaled(by: 1 - Backoff.jitter))
        }
    }

    @Test func `never overflows`() {
        var random = SplitMix64(seed: 1)
        #expect(Backoff.delay(after: .max, using: &random) <= Backoff.longest)
    }
}
