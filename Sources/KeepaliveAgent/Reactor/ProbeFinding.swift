// SPDX-License-Identifier: Apache-2.0

package import KeepaliveEngine

/// What came of a call that somebody asked for.
package struct ProbeFinding: Sendable, Hashable {
    /// Nil after a success.
    package let reason: FailureReason?
    /// Of the call; nil where a session was opened instead.
    package let latency: Duration?
}
