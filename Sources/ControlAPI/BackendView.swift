// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// A backend as it is shown.
package struct BackendView: Codable, Sendable, Hashable {
    /// What is going on with a backend's keepalive.
    package enum State: String, Codable, Sendable, Hashable, CaseIterable {
        case active
        /// The circuit breaker is open: only probes are sent.
        case disabled
        /// The one call of a disabled backend is in flight.
        case probing
        /// Somebody disabled it by hand.
        case heldByOperator = "held_by_operator"
        /// The backend asked to be left alone.
        case paused
        /// Keepalive makes no sense or is switched off.
        case off
    }

    package var name: String
    /// `url`: without its query.
    package var url: String
    package var state: State
    /// `reason`: why it is disabled or off.
    package var reason: String?
    /// `method`: what is called now: `ping`, `tool:<name>` or `none`.
    package var method: String
    /// `fallback_active`: whether a tool is called because ping consistently failed.
    package var fallbackActive = false
    package var intervalSeconds: Double
    /// `ttl_seconds`: the idle TTL of its sessions, where it is known.
    package var ttlSeconds: Double?
    package var sessions: Int
    package var activeSessions: Int
    package var pausedSessions: Int
    package var inFlight: Int
    /// `attempts`: keepalive calls that ended since the agent started.
    package var attempts: UInt64
    package var successes: UInt64
    /// `failures`: by reason, without zeros.
    package var failures: [String: UInt64] = [:]
    package var consecutiveFailures: Int
    /// `latency_p95_ms`: of the last 128 successful calls.
    package var latencyP95Milliseconds: Double?
    package var lastAttempt: Date?
    package var lastSuccess: Date?
    package var disabledSince: Date?
    /// `next`: when something is sent next: a keepalive, a probe, or the end of a pause.
    package var next: Date?

    package enum CodingKeys: String, CodingKey {
        case name, url, state, reason, method, sessions, attempts, successes, failures, next
        case fallbackActive = "fallback_active"
        case intervalSeconds = "interval_seconds"
        case ttlSeconds = "ttl_seconds"
        case activeSessions = "active_sessions"
        case pausedSessions = "paused_sessions"
        case inFlight = "in_flight"
        case consecutiveFailures = "consecutive_failures"
        case latencyP95Milliseconds = "latency_p95_ms"
        case lastAttempt = "last_attempt"
        case lastSuccess = "last_success"
        case disabledSince = "disabled_since"
    }

    /// A backend of which nothing was seen yet.
    package init(name: String, url: String, state: State, method: String, intervalSeconds: Double) {
        self.name = name
        self.url = url
        self.state = state
        self.method = method
        self.intervalSeconds = intervalSeconds
        sessions = 0
        activeSessions = 0
        pausedSessions = 0
        inFlight = 0
        attempts = 0
        successes = 0
        consecutiveFailures = 0
    }
}
