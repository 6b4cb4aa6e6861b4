// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import Testing

@Suite struct CadenceTests {
    private func cadence(interval: Int64 = 300, ttl: Int64? = nil, jitter: Double = 0.1) -> Cadence {
        var policy = BackendPolicy()
        policy.interval = .seconds(interval)
        policy.sessionTTL = ttl.map { .seconds($0) }
        policy.jitter = jitter
        return Cadence(policy: policy)
    }

    struct Case: Sendable {
        let configured: Int64
        let ttl: Int64?
        let advertised: Int64?
        let interval: Int64
    }

    @Test(arguments: [
        Case(configured: 300, ttl: nil, advertised: nil, interval: 300_000),
        Case(configured: 300, ttl: 600, advertised: nil, interval: 200_000),
        Case(configured: 300, ttl: 3600, advertised: nil, interval: 300_000),
        Case(configured: 300, ttl: 600, advertised: 60, interval: 20_000),
        Case(configured: 300, ttl: 60, advertised: 600, interval: 20_000),
        Case(configured: 300, ttl: nil, advertised: 30, interval: 10_000),
        Case(configured: 300, ttl: 2, advertised: nil, interval: 1000),
        Case(configured: 0, ttl: nil, advertised: nil, interval: 1000),
        Case(configured: 300, ttl: nil, advertised: 0, interval: 300_000),
        Case(configured: 300, ttl: nil, advertised: -5, interval: 300_000),
    ])
    func `the interval is the configured one or a third of the TTL, at least a second`(_ test: Case) {
        var cadence = cadence(interval: test.configured, ttl: test.ttl)
        if let advertised = test.advertised { _ = cadence.advertise(.seconds(advertised)) }
        #expect(cadence.intervalMilliseconds == test.interval)
    }

    @Test func `tells whether an advertised TTL changed the interval`() {
        var cadence = cadence()
        let long = cadence.advertise(.seconds(3600))
        let short = cadence.advertise(.seconds(60))
        let same = cadence.advertise(.seconds(60))
        let longAgain = cadence.advertise(.seconds(3600))
        #expect([long, short, same, longAgain] == [false, true, false, true])
        #expect(cadence.ttl == .seconds(3600))
    }

    @Test(arguments: [0, 0.1, 0.5, 1])
    func `chance only shortens, and by its share at most`(jitter: Double) {
        let cadence = cadence(jitter: jitter)
        var random = SplitMix64(seed: 9)
        let spans = (0..<20_000).map { _ in Double(cadence.span(using: &random)) }
        #expect(spans.allSatisfy { $0 <= 300_000 && $0 >= 300_000 * (1 - jitter) - 1 })
        let mean = spans.reduce(0, +) / Double(spans.count)
        #expect(abs(mean - 300_000 * (1 - jitter / 2)) < 3000)
    }

    @Test func `first contact is uniform over the interval`() {
        var random = SplitMix64(seed: 9)
        var deciles = [Int](repeating: 0, count: 10)
        for _ in 0..<10_000 {
            let phase = Cadence.firstPhase(within: 300_000, using: &random).wholeMilliseconds
            #expect(phase >= 1 && phase <= 300_000)
            deciles[Int((phase - 1) * 10 / 300_000)] += 1
        }
        #expect(deciles.allSatisfy { abs($0 - 1000) < 150 })
    }

    @Test func `an interval beyond what a record holds is cut, not overflowed`() {
        let cadence = cadence(interval: 1_000_000_000, jitter: 0)
        var random = SplitMix64(seed: 1)
        #expect(cadence.span(using: &random) == .max)
    }
}
