// SPDX-License-Identifier: Apache-2.0

/// How long it takes at most until a backend that answers nothing any more is disabled, if it has one idle session: with
/// more sessions it is found out sooner.
package struct DetectionBound: Sendable, Hashable {
    /// The longest time from the start of a cycle's last call to the start of the next cycle.
    package let interval: Duration
    /// How many cycles have to fail.
    package let failures: Int
    /// How many of these call the fallback tool after ping, which waits for its deadline first.
    package let fallbacks: Int
    /// The deadline of ping; meaningful where ping is called.
    package let pingTimeout: Duration
    /// The deadline of the very last call.
    package let lastTimeout: Duration

    /// Nil when the policy rules keepalive out.
    package init?(policy: BackendPolicy) {
        let backend = Backend(policy: policy, at: .zero)
        guard backend.switchedOff == nil else { return nil }
        interval = backend.cadence.interval
        failures = max(1, policy.failureThreshold)
        fallbacks = backend.selection.hasFallback ? failures - MethodSelection.patience(of: policy) + 1 : 0
        pingTimeout = backend.timeout(of: .ping)
        let endsWithPing = policy.method != .tool && fallbacks == 0
        lastTimeout = endsWithPing ? pingTimeout : backend.timeout(of: .tool)
    }

    /// From the last success to the end of the call that disables the backend.
    ///
    /// A cycle starts at most one interval after the start of the last call before it. That call starts with its cycle, or
    /// one ping timeout later where the fallback follows a ping. So the last call starts after `failures` intervals and
    /// `fallbacks` ping timeouts.
    package var longest: Duration {
        interval * failures + pingTimeout * fallbacks + lastTimeout
    }

    /// How long a session goes without a request that arrives, at most, when this many keepalives in a row are lost.
    package func longestGap(afterLosing count: Int) -> Duration {
        interval * (count + 1) + pingTimeout * max(0, fallbacks - (failures - count))
    }
}
