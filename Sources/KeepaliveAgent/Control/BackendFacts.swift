// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration
package import KeepaliveEngine

/// A backend as it can be shown, all read at one moment.
package struct BackendFacts: Sendable {
    package let configuration: BackendConfiguration
    package let status: BackendStatus
    /// When its next session is due.
    package let nextDue: Tick?
    /// Keepalive calls that succeeded since the start.
    package let successes: UInt64
    /// Keepalive calls that failed since the start, without zeros.
    package let failures: [FailureReason: UInt64]
    /// The 95th percentile of the last successful calls, in milliseconds.
    package let latencyP95: Double?
}
