// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import StateStore

/// Values to keep, and what must never be shown of them.
enum StateSample {
    static let secretID = "canary-session-id"
    static let secretTemplate = "Bearer canary-token"

    /// A session with every value set.
    static func session(_ key: String, backend: String = "web", time: Int64 = 1_800_000_000_000) -> StoredSession {
        StoredSession(
            backend: backend,
            key: key,
            sessionID: Array("\(secretID)-\(key)".utf8),
            protocolVersion: "2025-11-25",
            headers: [
                StoredHeader(name: "x-second", template: "${file:/run/secrets/näme}"),
                StoredHeader(name: "authorization", template: secretTemplate),
            ],
            registeredAt: time,
            leaseMilliseconds: 600_000,
            leaseExpiresAt: time + 600_000,
            endsAt: time + 3_600_000,
            suspendedUntil: time + 60_000,
            lastActivity: time + 1,
            lastSuccess: time + 2
        )
    }

    /// A session with as little as possible.
    static func bareSession(_ key: String, backend: String = "web") -> StoredSession {
        StoredSession(
            backend: backend,
            key: key,
            sessionID: [],
            registeredAt: 1,
            leaseMilliseconds: 2,
            leaseExpiresAt: 3,
            lastActivity: 4
        )
    }

    /// A session that takes so many bytes on the disk, and some more.
    static func largeSession(_ key: String, bytes: Int) -> StoredSession {
        var session = bareSession(key)
        session.headers = [StoredHeader(name: "x", template: String(repeating: "x", count: bytes))]
        return session
    }

    static let backends = [
        StoredBackend(
            name: "db",
            signature: "s",
            disabledSince: 1,
            disabledReason: "timeout",
            nextProbe: 2,
            isHeldByOperator: true,
            heldSince: 6,
            heldUntil: 3,
            fallbackSince: 4,
            lastSuccess: 5
        ),
        StoredBackend(name: "web"),
    ]

    /// Sessions in the order in which they are read.
    static func state(sessions count: Int) -> StoredState {
        let keys = (0..<count).map { "k\(1000 + $0)" }
        return StoredState(sessions: keys.map { session($0) }, backends: backends)
    }
}
