// SPDX-License-Identifier: Apache-2.0

/// A registered session; it is one of its kind by its backend and key. Times are milliseconds since 1970.
///
/// None of its texts may contain U+0000: SQLite would end the text there.
package struct StoredSession: Sendable, Hashable {
    /// The backend's name.
    package var backend: String
    /// The caller's own name for the session.
    package var key: String
    /// The `Mcp-Session-Id`: a credential.
    package var sessionID: [UInt8]
    /// The negotiated protocol version; nil when the registration did not tell.
    package var protocolVersion: String?
    /// The headers of its keepalives, in the order in which they were given.
    package var headers: [StoredHeader]
    /// When it was registered first.
    package var registeredAt: Int64
    /// How long each renewal lets it live, in milliseconds.
    package var leaseMilliseconds: Int64
    /// When it is released unless it is renewed.
    package var leaseExpiresAt: Int64
    /// When it is released whether it is renewed or not.
    package var endsAt: Int64?
    /// Until when nothing is sent on it.
    package var suspendedUntil: Int64?
    /// When it was last in use, by a keepalive or by its owner.
    package var lastActivity: Int64
    /// When a keepalive last succeeded.
    package var lastSuccess: Int64?

    /// A session as it is to be kept.
    package init(
        backend: String,
        key: String,
        sessionID: [UInt8],
        protocolVersion: String? = nil,
        headers: [StoredHeader] = [],
        registeredAt: Int64,
        leaseMilliseconds: Int64,
        leaseExpiresAt: Int64,
        endsAt: Int64? = nil,
        suspendedUntil: Int64? = nil,
        lastActivity: Int64,
        lastSuccess: Int64? = nil
    ) {
        self.backend = backend
        self.key = key
        self.sessionID = sessionID
        self.protocolVersion = protocolVersion
        self.headers = headers
        self.registeredAt = registeredAt
        self.leaseMilliseconds = leaseMilliseconds
        self.leaseExpiresAt = leaseExpiresAt
        self.endsAt = endsAt
        self.suspendedUntil = suspendedUntil
        self.lastActivity = lastActivity
        self.lastSuccess = lastSuccess
    }

    /// Whether it comes back as it was.
    package var isStorable: Bool {
        ([backend, key, protocolVersion ?? ""] + headers.flatMap { [$0.name, $0.template] }).allSatisfy { text in
            !text.utf8.contains(0)
        }
    }
}

extension StoredSession: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Its names; the id is a secret.
    package var description: String { "session \(key) of \(backend) (••••)" }

    /// Its names; the id is a secret.
    package var debugDescription: String { description }

    /// Has no children, so that `dump` and test failures show nothing either.
    package var customMirror: Mirror { Mirror(self, children: [] as [Mirror.Child]) }
}
