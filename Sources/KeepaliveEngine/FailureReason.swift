// SPDX-License-Identifier: Apache-2.0

/// Why a call failed: the closed list of values that the `reason` attribute can have.
///
/// What each means for the session and the backend is in one table, `MCPWire.OutcomeClassification`.
package enum FailureReason: String, Sendable, Hashable, CaseIterable {
    /// The agent stopped the call itself; never counted.
    case cancelled
    case timeout
    case dns
    case connect
    case reset
    case tls
    case unauthorized
    case forbidden
    case rateLimited = "rate_limited"
    case http4xx = "http_4xx"
    case http5xx = "http_5xx"
    case redirect
    case sessionExpired = "session_expired"
    /// 409 on the agent's own listening stream; belongs to a transport that comes later.
    case streamConflict = "stream_conflict"
    case methodNotFound = "method_not_found"
    /// A JSON-RPC error that is none of the known ones.
    case rpcError = "rpc_error"
    /// A tool answered `isError: true`, or asked for input.
    case toolError = "tool_error"
    /// The answer broke the protocol: not JSON, nested too deep, wrong content type, wrong id.
    case `protocol`
    /// The answer ended without a response to the request.
    case noResponse = "no_response"
    case bodyTooLarge = "body_too_large"
    /// This machine lacks something: file descriptors, buffers, ports, memory.
    case localResource = "local_resource"
    /// The process behind a stdio backend ended; belongs to a transport that comes later.
    case childExited = "child_exited"

    /// The reasons that are counted as failures: all but `cancelled`.
    package static let counted: [FailureReason] = allCases.filter { $0 != .cancelled }
}
