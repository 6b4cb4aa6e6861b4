// SPDX-License-Identifier: Apache-2.0

package import KeepaliveEngine

/// The numbers that follow from the settings of a backend taken together.
package struct EffectiveSchedule: Sendable, Hashable {
    /// What decided the interval.
    package enum IntervalReason: String, Sendable, Hashable {
        /// `interval` itself.
        case configured
        /// A third of `session_ttl`, which is shorter.
        case timeToLive = "a third of session_ttl"
        /// A third of `session_ttl` would be shorter than the shortest interval.
        case floor = "the shortest there is"
    }

    private let policy: BackendPolicy
    /// The longest time between two keepalives.
    package let interval: Duration
    package let intervalReason: IntervalReason

    package init(_ backend: BackendConfiguration) {
        policy = backend.policy
        interval = Cadence(policy: policy).interval
        if interval == policy.interval {
            intervalReason = .configured
        } else if let ttl = policy.sessionTTL, interval == ttl / 3 {
            intervalReason = .timeToLive
        } else {
            intervalReason = .floor
        }
    }

    /// Why nothing is sent at all; nil when keepalives are.
    package var switchedOff: NotApplicableReason? { policy.switchedOff }

    /// The shortest time between two keepalives: what the worst draw leaves.
    package var shortestInterval: Duration { interval.scaled(by: 1 - policy.jitter) }

    /// The shortest time until a probe.
    package var shortestProbe: Duration { policy.probeAfter.scaled(by: 1 - policy.jitter) }

    /// How long a silent backend goes unnoticed; nil when nothing is sent.
    package var detection: DetectionBound? { DetectionBound(policy: policy) }

    /// How much shorter the longest time without a request is than the TTL; nil when the TTL is not known.
    package var timeToLiveMargin: Duration? { policy.sessionTTL.map { $0 - interval } }

    /// How many keepalives in a row may get lost before a session expires or the backend is disabled; nil when the TTL is not known.
    package var affordableLosses: Int? {
        guard let ttl = policy.sessionTTL, let detection else { return nil }
        // A hundredth for the way: what arrives at the very end may be too late.
        return (0..<detection.failures).last { detection.longestGap(afterLosing: $0) < ttl - ttl / 100 } ?? 0
    }

    /// The longest time from the last success to the first probe.
    package var longestOutageGap: Duration? { detection.map { $0.longest + policy.probeAfter } }

    /// What is in force instead of the value that is written for a key; nil when that value is.
    package func note(on key: String, written: String?) -> String? {
        let effective: Duration
        switch key {
        case "interval": effective = interval
        case "timeout": effective = min(policy.timeout, interval)
        case "tool_timeout": effective = min(policy.toolTimeout, interval)
        default: return nil
        }
        guard let written, let configured = try? DurationText.parse(written), configured != effective else {
            return nil
        }
        let reason = key == "interval" ? intervalReason.rawValue : "the interval"
        return "in force: \(DurationText.format(effective)), \(reason)"
    }
}
