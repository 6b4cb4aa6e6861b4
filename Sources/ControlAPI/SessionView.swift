// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// A session as it is shown: everything but its id and its credentials.
package struct SessionView: Codable, Sendable, Hashable {
    /// Who told the agent of a session.
    package enum Source: String, Codable, Sendable, Hashable, CaseIterable {
        /// The agent opened it itself.
        case own
        /// The sessions file.
        case file
        /// A client of the local API.
        case api
    }

    /// What is going on with a session.
    package enum State: String, Codable, Sendable, Hashable, CaseIterable {
        /// It is kept alive.
        case active
        /// Its credential was refused; one try now and then.
        case paused
        /// Nothing is sent until a PUT or the end of the suspension.
        case suspended
        /// Its backend is disabled or asked to be left alone.
        case held
        /// It is the agent's own and not open.
        case unopened
        /// Keepalive makes no sense on it.
        case notApplicable = "not_applicable"
    }

    package var backend: String
    /// `key`: the caller's own name for it; only sessions of the local API have one.
    package var key: String?
    /// `session`: its keyed hash, as in spans and logs; nil where sessions are not named or it has no id yet.
    package var session: String?
    package var source: Source
    package var state: State
    package var protocolVersion: String?
    /// `last_activity`: the start of the last request on it that is known, its owner's included.
    package var lastActivity: Date
    /// `last_success`: the end of its last keepalive that succeeded.
    package var lastSuccess: Date?
    /// `next_keepalive`: when it is due, or became due; nil when nothing is planned.
    package var nextKeepalive: Date?
    /// `lease_expires_at`: when it is released unless its lease is renewed; only sessions of the local API have a lease.
    package var leaseExpiresAt: Date?

    package enum CodingKeys: String, CodingKey {
        case backend, key, session, source, state
        case protocolVersion = "protocol_version"
        case lastActivity = "last_activity"
        case lastSuccess = "last_success"
        case nextKeepalive = "next_keepalive"
        case leaseExpiresAt = "lease_expires_at"
    }

    package init(backend: String, source: Source, state: State, lastActivity: Date) {
        self.backend = backend
        self.source = source
        self.state = state
        self.lastActivity = lastActivity
    }
}
