// SPDX-License-Identifier: Apache-2.0

/// The JSON-RPC error that answered our request.
///
/// Errors belong to the HTTP exchange, whatever their id: servers answer a request on an expired session with a null
/// id, or with a made-up one such as `"server-error"`.
package struct RPCError: Sendable, Hashable {
    /// Whose id the error has.
    package enum Identity: Sendable, Hashable {
        case own
        /// Null or absent.
        case null
        case foreign
    }

    /// The error code; codes outside Int64, or that are no whole numbers, are read as 0.
    package var code: Int64
    /// At most the first 512 bytes of the message. Servers may echo a session id in it: never log it unseen.
    package var message: String
    /// Whose id it has.
    package var identity: Identity

    package init(code: Int64, message: String = "", identity: Identity = .own) {
        self.code = code
        self.message = message
        self.identity = identity
    }

    /// What the message says of the session.
    package var sessionText: SessionText { SessionText(of: message.utf8) }
}

extension RPCError {
    /// Method not found (JSON-RPC 2.0, section 5.1).
    package static let methodNotFound: Int64 = -32601
    /// Invalid request (JSON-RPC 2.0, section 5.1); Python servers answer so on an expired session.
    package static let invalidRequest: Int64 = -32600
    /// Server-defined; TypeScript, C# and others answer so on an expired session.
    package static let sessionNotFound: Int64 = -32001
    /// Drafts of MCP 2026-07-28: unsupported protocol version.
    package static let draftUnsupportedProtocolVersion: Int64 = -32004
    /// MCP 2026-07-28: the headers do not match the body.
    package static let headerMismatch: Int64 = -32020
    /// MCP 2026-07-28: the server needs a capability that the client did not declare.
    package static let missingClientCapability: Int64 = -32021
    /// MCP 2026-07-28: unsupported protocol version; `data.supported` lists the supported ones.
    package static let unsupportedProtocolVersion: Int64 = -32022
}
