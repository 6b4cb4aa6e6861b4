// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import Testing

@Suite struct CircuitBreakerTests {
    private let later = Tick(milliseconds: 1_800_000)

    @Test(arguments: [1, 2, 3, 7])
    func `opens with the failure that reaches the threshold`(threshold: Int) {
        var breaker = CircuitBreaker(threshold: threshold)
        for _ in 1..<threshold {
            let opens = breaker.recordFailure(.counts)
            #expect(!opens)
        }
        let opens = breaker.recordFailure(.counts)
        #expect(opens)
        #expect(breaker.failures == threshold)
    }

    @Test func `a success between forgives`() {
        var breaker = CircuitBreaker(threshold: 2)
        _ = breaker.recordFailure(.counts)
        breaker.recordSuccess()
        let opens = breaker.recordFailure(.counts)
        #expect(!opens)
    }

    @Test func `what belongs to a session or a credential does not count`() {
        var breaker = CircuitBreaker(threshold: 1)
        let opens = breaker.recordFailure(.none)
        #expect(!opens)
        #expect(breaker.failures == 0)
    }

    @Test func `some failures open it at once`() {
        var breaker = CircuitBreaker(threshold: 9)
        let opens = breaker.recordFailure(.trips)
        #expect(opens)
    }

    @Test func `an open breaker does not open again`() {
        var breaker = CircuitBreaker(threshold: 1)
        _ = breaker.recordFailure(.counts)
        breaker.open(for: .timeout, at: .zero, nextProbe: later)
        let opens = breaker.recordFailure(.trips)
        #expect(!opens)
    }

    @Test func `goes through half-open and back, or closes`() {
        var breaker = CircuitBreaker(threshold: 1)
        _ = breaker.recordFailure(.counts)
        breaker.open(for: .timeout, at: Tick(milliseconds: 100), nextProbe: later)
        #expect(breaker.state == .open)
        #expect(breaker.reason == .timeout)
        #expect(breaker.since == Tick(milliseconds: 100))
        breaker.beginProbe()
        #expect(breaker.state == .halfOpen)
        breaker.endProbe(nextProbe: later + .seconds(1800))
        #expect(breaker.state == .open)
        #expect(breaker.nextProbe == later + .seconds(1800))
        breaker.beginProbe()
        #expect(breaker.probes == 2)
        let disabledFor = breaker.close(at: Tick(milliseconds: 600))
        #expect(disabledFor == .milliseconds(500))
        #expect(breaker.state == .closed)
        #expect(breaker.failures == 0)
        #expect(breaker.reason == nil)
    }
}
