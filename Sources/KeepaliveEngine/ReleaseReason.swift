// SPDX-License-Identifier: Apache-2.0

/// Why a session is no longer kept alive although its backend may still know it.
package enum ReleaseReason: String, Sendable, Hashable, CaseIterable {
    /// Its entry left the sessions file, or expired.
    case unlisted
    /// Its owner closed it or took it back.
    case deleted
    /// Its owner did not renew its lease.
    case leaseExpired = "lease_expired"
    /// It was registered for so long.
    case lifetimeEnded = "lifetime_ended"
    /// Its owner did not use it for too long.
    case idle
    /// Its backend left the configuration, or is to have fewer sessions of the agent's own.
    case configuration
}
