// SPDX-License-Identifier: Apache-2.0

/// How the sessions of one backend are kept alive.
package struct BackendPolicy: Sendable, Hashable {
    /// How a keepalive is made.
    package enum Method: Sendable, Hashable {
        /// Keepalive is switched off.
        case none
        /// `ping`; with a fallback, the tool when ping consistently fails.
        case ping(hasFallback: Bool)
        /// The configured tool, every time.
        case tool
    }

    /// Whether the backend keeps state per session.
    package enum Statefulness: String, Sendable, Hashable, CaseIterable {
        case automatic = "auto"
        case stateful = "true"
        case stateless = "false"
    }

    package var method: Method = .ping(hasFallback: false)
    /// The longest time between two keepalives of an idle session; at least 1 s.
    package var interval: Duration = .seconds(300)
    /// The largest share of the interval that chance takes off, 0...1.
    package var jitter: Double = 0.1
    /// The absolute deadline of a ping.
    package var timeout: Duration = .seconds(10)
    /// The absolute deadline of a tool call.
    package var toolTimeout: Duration = .seconds(30)
    /// How many breaker-relevant failures in a row disable the backend; at least 1.
    package var failureThreshold: Int = 3
    /// How long a disabled backend is left alone between two probes.
    package var probeAfter: Duration = .seconds(1800)
    /// The idle TTL of the backend's sessions, where it is configured.
    package var sessionTTL: Duration?
    /// How long a front session lives at most, where it is known.
    package var sessionLifetime: Duration?
    package var stateful: Statefulness = .automatic
    /// Whether owned sessions are initialized again after a loss.
    package var reinitialize: Bool = true
    /// How many requests may be in flight at once; at least 1.
    package var maxRequestsInFlight: Int = 64
    /// How many requests may start per second; nil means max(20, 2 x sessions / interval).
    package var maxRequestsPerSecond: Double?

    package init() {}

    /// Why the policy itself rules keepalive out; nil when it does not.
    package var switchedOff: NotApplicableReason? {
        if method == .none { return NotApplicableReason.none }
        if stateful == .stateless { return .stateless }
        if let sessionTTL, let sessionLifetime, sessionTTL >= sessionLifetime { return .ttlAligned }
        return nil
    }

    /// The floor of the interval.
    package static let shortestInterval: Duration = .seconds(1)
}
