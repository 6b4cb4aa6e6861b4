// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine

/// What the registry keeps of one session.
struct Registration: Sendable {
    let key: SessionKey
    var handle: SessionHandle
    /// Which session id it has: the id itself is with the reactor.
    var digest: SessionDigest
    var lease: Lease
    var protocolVersion: String?
    /// As they were given.
    var headers: [StoredHeader]
    /// In milliseconds since 1970.
    let registeredAt: Int64
    /// The lock that a suspension holds, and until when.
    var suspension: (ticket: LockTicket, until: Tick)?
    /// What is on disk of its history, in milliseconds since 1970: its last activity and its last success.
    var storedActivity: Int64
    var storedSuccess: Int64?
}
