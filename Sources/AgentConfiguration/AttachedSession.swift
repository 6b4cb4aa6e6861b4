// SPDX-License-Identifier: Apache-2.0

/// One entry of the sessions file: a session of somebody else that is to be kept alive.
package struct AttachedSession: Sendable, Hashable {
    /// `backend`: the name of a configured backend; required.
    package var backend: String
    /// `session_id`: 1...4096 bytes in 0x21...0x7E; required. Knowing it is often enough to use the session.
    package var sessionID: Secret
    /// `protocol_version`: what the session negotiated; without it the version header is not sent.
    package var protocolVersion: String?
    /// `headers`: sent in addition to those of the backend, and instead of those with the same name. Empty by default.
    package var headers: [HeaderConfiguration] = []
    /// `expires_at`: when the session is no longer wanted, in seconds since 1970; never by default.
    package var expiresAt: Int64?
    /// Where the entry starts in its file.
    package var position: SourcePosition

    /// Whether `text` can be sent as a protocol version: 1...64 bytes in 0x21...0x7E.
    package static func isProtocolVersion(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    package init(backend: String, sessionID: Secret, position: SourcePosition = .start) {
        self.backend = backend
        self.sessionID = sessionID
        self.position = position
    }
}
