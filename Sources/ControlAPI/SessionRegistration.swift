// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// The body of `PUT /v1/backends/{backend}/sessions/{key}`: somebody's session that is to be kept alive for a while.
///
/// The id and the headers are credentials: they are taken, never given back.
package struct SessionRegistration: RequestBody {
    /// `session_id`: the `Mcp-Session-Id`, 1...4096 bytes in 0x21...0x7E; required.
    package var sessionID: String
    /// `protocol_version`: what the session negotiated; without it the version header is not sent.
    package var protocolVersion: String?
    /// `headers`: sent in addition to the backend's, and instead of those with the same name. Values may refer to secrets
    /// as in the configuration file: `${env:NAME}`, `${file:/absolute/path}`.
    package var headers: [String: String]?
    /// `lease_seconds`: how long the session is wanted unless this is renewed, 1...86400; 300 by default.
    package var leaseSeconds: Int?
    /// `last_activity`: when the session's owner last sent a request on it; now by default, and never in the future.
    package var lastActivity: Date?
    /// `lifetime_seconds`: how long the session lives at most from now, however often its lease is renewed; without
    /// end by default.
    package var lifetimeSeconds: Int?

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case sessionID = "session_id"
        case protocolVersion = "protocol_version"
        case headers
        case leaseSeconds = "lease_seconds"
        case lastActivity = "last_activity"
        case lifetimeSeconds = "lifetime_seconds"
    }

    package static let leaseRange = 1...86_400
    package static let defaultLease = 300

    package init(sessionID: String) {
        self.sessionID = sessionID
    }

    package func validate() throws(ControlProblem) {
        guard (1...4096).contains(sessionID.utf8.count), sessionID.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw ControlProblem(.invalidBody, "session_id: expected 1 to 4096 visible ASCII characters without blanks")
        }
        try Self.check(leaseSeconds, in: Self.leaseRange, as: .leaseSeconds)
        try Self.check(lifetimeSeconds, in: 1...31_536_000, as: .lifetimeSeconds)
    }
}
