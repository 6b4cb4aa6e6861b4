// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// One event of `GET /v1/events`.
package struct AgentEvent: Codable, Sendable, Hashable {
    /// What happened; the first four are what a gateway needs and can be resumed, the others are for people who watch.
    package enum Kind: String, Codable, Sendable, Hashable, CaseIterable {
        /// The backend no longer knows a session; its registration is gone.
        case lost
        /// A backend's keepalive was switched off, after failures or by an operator.
        case disabled
        /// A backend's keepalive was switched on again.
        case enabled
        /// A session is no longer kept alive, because its lease or lifetime ended, or its owner or an operator said so.
        case released
        /// A keepalive ended.
        case keepalive
        /// Events may be missing before this one: what the client wanted to go on from is not known any more.
        case reset
    }

    /// `id`: for `Last-Event-ID`; empty for events that cannot be resumed.
    package var id: String
    package var kind: Kind
    package var time: Date
    /// `backend`: nil for `reset` only.
    package var backend: String?
    /// `key`: the caller's name of the session, if the event is about one and it has one.
    package var key: String?
    /// `session`: the keyed hash of the session.
    package var session: String?
    /// `reason`: why, in a word of the metrics' `reason`; of `released`: `unlisted`, `deleted`, `lease_expired`,
    /// `lifetime_ended`, `idle` or `configuration`; of `disabled`: `operator` or the reason of the failure; of `enabled`:
    /// `probe`, `operator` or `reload`.
    package var reason: String?
    /// `method` and `latency_ms`: of a keepalive; a keepalive without a reason succeeded.
    package var method: String?
    package var latencyMilliseconds: Double?
    /// `idle_seconds`: of a lost session, how long nothing had been sent on it.
    package var idleSeconds: Double?

    package enum CodingKeys: String, CodingKey {
        case id, kind, time, backend, key, session, reason, method
        case latencyMilliseconds = "latency_ms"
        case idleSeconds = "idle_seconds"
    }

    package init(id: String = "", kind: Kind, time: Date, backend: String? = nil) {
        self.id = id
        self.kind = kind
        self.time = time
        self.backend = backend
    }
}
