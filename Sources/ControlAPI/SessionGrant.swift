// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// The answer to a registration, a renewal or a suspension.
package struct SessionGrant: Codable, Sendable, Hashable {
    package var backend: String
    package var key: String
    /// `lease_expires_at`: when the session is released unless the lease is renewed.
    package var leaseExpiresAt: Date
    /// `suspended_until`: when keepalives go on by themselves; only while it is suspended.
    package var suspendedUntil: Date?
    /// `durable`: whether this survives a restart of the agent: there is a `state_dir` and it could be written.
    package var durable: Bool

    package enum CodingKeys: String, CodingKey {
        case backend, key
        case leaseExpiresAt = "lease_expires_at"
        case suspendedUntil = "suspended_until"
        case durable
    }

    package init(backend: String, key: String, leaseExpiresAt: Date, suspendedUntil: Date? = nil, durable: Bool) {
        self.backend = backend
        self.key = key
        self.leaseExpiresAt = leaseExpiresAt
        self.suspendedUntil = suspendedUntil
        self.durable = durable
    }
}
