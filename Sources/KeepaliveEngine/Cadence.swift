// SPDX-License-Identifier: Apache-2.0

/// How often the sessions of one backend are called.
package struct Cadence: Sendable {
    private let configured: Duration
    private let jitter: Double
    private let configuredTTL: Duration?
    private var advertisedTTL: Duration?

    /// The effective interval: min(configured, TTL / 3), at least 1 s.
    package private(set) var interval: Duration
    /// The same in milliseconds.
    package private(set) var intervalMilliseconds: Int64

    package init(policy: BackendPolicy) {
        configured = policy.interval
        jitter = min(max(policy.jitter, 0), 1)
        configuredTTL = policy.sessionTTL
        interval = .zero
        intervalMilliseconds = 0
        settle()
    }

    /// The idle TTL of the backend's sessions: the smaller of the configured and the advertised one.
    package var ttl: Duration? {
        guard let configuredTTL else { return advertisedTTL }
        return advertisedTTL.map { min($0, configuredTTL) } ?? configuredTTL
    }

    /// Takes over another policy; what the backend advertised stays known.
    package mutating func adopt(_ policy: BackendPolicy) {
        let advertised = advertisedTTL
        self = Cadence(policy: policy)
        advertisedTTL = advertised
        settle()
    }

    /// Takes over the TTL that the backend advertised last; true when the interval is another one now.
    package mutating func advertise(_ ttl: Duration) -> Bool {
        guard ttl > .zero, ttl != advertisedTTL else { return false }
        advertisedTTL = ttl
        let before = intervalMilliseconds
        settle()
        return intervalMilliseconds != before
    }

    /// Draws an interval: interval x (1 - random(0 ..< jitter)), in milliseconds. Chance only shortens.
    package func span(using random: inout SplitMix64) -> UInt32 {
        let milliseconds = Double(intervalMilliseconds) * (1 - jitter * random.fraction())
        return milliseconds < Double(UInt32.max) ? UInt32(max(1, milliseconds)) : .max
    }

    /// Draws the time of a first contact, uniform in 1 ... `span` milliseconds, so that sessions that were loaded
    /// together are spread out.
    package static func firstPhase(within span: UInt32, using random: inout SplitMix64) -> Duration {
        .milliseconds(1 + Int64(Double(span) * random.fraction()))
    }

    /// Shortens the time between two probes by chance, as the interval.
    package func jittered(_ duration: Duration, using random: inout SplitMix64) -> Duration {
        duration.scaled(by: 1 - jitter * random.fraction())
    }

    private mutating func settle() {
        let third = ttl.map { $0 / 3 } ?? configured
        interval = max(min(configured, third), BackendPolicy.shortestInterval)
        intervalMilliseconds = interval.wholeMilliseconds
    }
}
