// SPDX-License-Identifier: Apache-2.0

/// What is known about how a session got lost.
package enum LossReason: String, Sendable, Hashable, CaseIterable {
    case expired
    /// The last keepalive had succeeded, and the idle gap since was shorter than the TTL, where that is known.
    case expiredDespiteKeepalive = "expired_despite_keepalive"
    /// Keepalive was disabled or paused during the gap.
    case expiredWhileDisabled = "expired_while_disabled"
}
