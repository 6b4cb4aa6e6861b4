// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import MCPWire
import Transfer

/// What the requests on one session need; the engine knows nothing of it. `SessionDirectory` keeps it in a few bytes.
struct SessionContext: Sendable {
    let origin: SessionOrigin
    let backend: BackendIndex
    /// The `Mcp-Session-Id`; a credential. Empty before an owned session is open, and where the server issues none.
    var identifier: [UInt8] = []
    /// What the session negotiated; nil when nobody said, and then the header is left out.
    var protocolVersion: ProtocolVersion?
    /// The session's own headers, in addition to those of the backend.
    var ownHeaders: [HeaderConfiguration] = []
    /// All headers with the credentials, resolved; nil: those of the backend as they are.
    var headers: [HeaderField]?
}
