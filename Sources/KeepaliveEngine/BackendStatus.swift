// SPDX-License-Identifier: Apache-2.0

/// How the keepalive of one backend is doing, for gauges and for people.
package struct BackendStatus: Sendable, Hashable {
    /// Whether the backend is enabled, disabled or being probed.
    package var breaker: CircuitBreaker.State
    /// Why it is disabled, while it is.
    package var disabledReason: FailureReason?
    /// Since when it is disabled, while it is.
    package var disabledSince: Tick?
    /// When the next probe is due, while the breaker is open.
    package var nextProbe: Tick?
    /// Counting failures in a row since the last success.
    package var consecutiveFailures: Int
    /// Why keepalive makes no sense here, if so.
    package var notApplicable: NotApplicableReason?
    /// Until when the backend asked to be left alone, while it is.
    package var pausedUntil: Tick?
    /// That somebody disabled it by hand, while it is so.
    package var hold: OperatorHold?
    /// Whether the fallback tool is called instead of ping.
    package var isFallbackActive: Bool
    /// Since when, where it is.
    package var fallbackSince: Tick?
    /// The effective interval.
    package var interval: Duration
    /// The absolute deadline of a call of the method that is in use.
    package var timeout: Duration
    /// The configured time between two probes.
    package var probeInterval: Duration
    /// The idle TTL, where it is known.
    package var ttl: Duration?
    /// Whether nothing but a probe may be sent, or nothing at all.
    package var isHeldBack: Bool { breaker != .closed || pausedUntil != nil || hold != nil }
    package var sessions: SessionCounts
    /// Requests in flight, initializations included.
    package var inFlight: Int
    /// The start of the last call.
    package var lastAttempt: Tick?
    /// The end of the last call that succeeded.
    package var lastSuccess: Tick?
}
