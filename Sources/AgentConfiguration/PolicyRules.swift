// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// Turns the settings of one backend into its policy, and warns where they work against each other.
struct PolicyRules {
    let context: DecodingContext
    /// The backend's entry.
    let mapping: MappingReader
    /// Its settings, with the defaults.
    let settings: BackendSettings

    /// More keepalives than this within one TTL are a waste when they come faster than every 30 s.
    private static let mostKeepalivesPerTTL = 10
    private static let fast: Duration = .seconds(30)

    /// The policy with its timeouts clamped.
    func policy(hasTool: Bool, ownSessions: Int) -> BackendPolicy {
        var policy = settings.policy(hasFallback: hasTool)
        guard policy.method != .none else {
            if ownSessions > 0 {
                context.warning(
                    "the agent opens sessions that it does not keep alive",
                    at: mapping.place(of: "own_sessions"),
                    path: mapping.path(of: "own_sessions"),
                    help: "keepalive_method is none"
                )
            }
            return policy
        }
        checkInterval(of: policy)
        clampTimeouts(of: &policy, hasTool: hasTool)
        if let ttl = policy.sessionTTL, ttl < policy.probeAfter {
            warn(
                "session_ttl \(format(ttl)) is shorter than probe_after \(format(policy.probeAfter))",
                at: [Place(settings.sessionTTL), Place(settings.probeAfter)],
                "sessions expire while the backend is disabled; set probe_after to at most \(format(ttl))"
            )
        }
        return policy
    }

    /// The interval after the alignment with the TTL: min(interval, TTL / 3), at least 1 s.
    private func alignedInterval(of policy: BackendPolicy) -> Duration {
        guard let ttl = policy.sessionTTL else { return policy.interval }
        return max(BackendPolicy.shortestInterval, min(policy.interval, ttl / 3))
    }

    private func checkInterval(of policy: BackendPolicy) {
        // An interval that nobody wrote is meant to follow the TTL.
        guard let interval = settings.interval, let ttl = policy.sessionTTL else { return }
        let places = [Place(interval), Place(settings.sessionTTL)]
        let aligned = format(alignedInterval(of: policy))
        if interval.value >= ttl {
            warn(
                "interval \(format(interval.value)) is not shorter than session_ttl \(format(ttl))",
                at: places,
                "every \(aligned) is used, a third of session_ttl"
            )
        } else if interval.value > ttl / 3 {
            warn(
                "interval \(format(interval.value)) is longer than a third of session_ttl \(format(ttl))",
                at: places,
                "every \(aligned) is used"
            )
        } else if interval.value < Self.fast, ttl > interval.value * Self.mostKeepalivesPerTTL {
            warn(
                "interval \(format(interval.value)) is far shorter than session_ttl \(format(ttl)) needs",
                at: places,
                "\(format(ttl / 3)) is enough; without 'interval' the agent chooses"
            )
        }
    }

    /// No call outlasts the interval: the next keepalive would find it still in flight.
    private func clampTimeouts(of policy: inout BackendPolicy, hasTool: Bool) {
        let interval = alignedInterval(of: policy)
        if policy.timeout > interval {
            if policy.method != .tool { warnOfTimeout("timeout", settings.timeout, interval) }
            policy.timeout = interval
        }
        if policy.toolTimeout > interval {
            if hasTool { warnOfTimeout("tool_timeout", settings.toolTimeout, interval) }
            policy.toolTimeout = interval
        }
    }

    /// A timeout that nobody wrote is nobody's mistake: it is clamped without a word.
    private func warnOfTimeout(_ key: String, _ written: Located<Duration>?, _ interval: Duration) {
        guard let written else { return }
        warn(
            "\(key) \(format(written.value)) is longer than the interval \(format(interval))",
            at: [Place(written)],
            "calls are given up after \(format(interval))"
        )
    }

    /// Where a setting is written.
    private struct Place {
        var position: SourcePosition
        var path: String

        init?<Value>(_ located: Located<Value>?) {
            guard let located else { return nil }
            position = located.position
            path = located.path
        }
    }

    /// Warns at the first of the places that is in the backend's own entry, or else the first one.
    private func warn(_ message: String, at places: [Place?], _ help: String) {
        let written = places.compactMap { $0 }
        let own = written.first { $0.path.utf8.starts(with: "\(mapping.path).".utf8) } ?? written.first
        context.warning(message, at: own?.position ?? mapping.position, path: own?.path ?? mapping.path, help: help)
    }

    private func format(_ duration: Duration) -> String { DurationText.format(duration) }
}
