// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import MCPWire
import Transfer

/// What the requests on one session need; the engine knows nothing of it.
struct SessionContext: Sendable {
    let origin: SessionOrigin
    let backend: BackendIndex
    /// The `Mcp-Session-Id`; a credential. Empty before an owned session is open, and where the server issues none.
    var identifier: [UInt8] = []
    /// The name of the session that can be shown.
    var name = ""
    /// What the session negotiated; nil when nobody said, and then the header is left out.
    var protocolVersion: ProtocolVersion?
    /// The session's own headers, in addition to those of the backend.
    var ownHeaders: [HeaderConfiguration] = []
    /// All headers with the credentials, resolved; nil: those of the backend as they are.
    var headers: [HeaderField]?
    /// The headers with the credentials as they were last sent: what a refusal was about.
    var sentHeaders: [HeaderField] = []
}
