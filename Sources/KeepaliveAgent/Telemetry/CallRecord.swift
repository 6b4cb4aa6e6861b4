// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import MCPWire
import Telemetry

/// What telemetry tells of one call beyond its outcome.
struct CallRecord: Sendable {
    /// The CLIENT span's ids; they were sent to the backend.
    var context: SpanContext
    /// The name of the session that can be shown; empty when the session has no id, or the cycle no spans.
    var sessionName: String
    /// What the session negotiated; empty when nobody said.
    var protocolVersion: String
    /// The JSON-RPC id of the request.
    var requestID: RequestID
    /// When the call started, in nanoseconds since 1970.
    var start: UInt64
    /// How long it took, on the monotonic clock.
    var duration: Duration
    /// The HTTP status; 0 when none was received.
    var status: Int
    /// The JSON-RPC error code, where one came back.
    var rpcErrorCode: Int64?

    /// When the call ended, in nanoseconds since 1970.
    var end: UInt64 { start + UInt64(max(0, duration.fractionalSeconds * 1e9)) }

    /// `error.type`: the most telling of JSON-RPC code, HTTP status and reason (semantic conventions for MCP).
    func errorType(_ reason: FailureReason) -> String {
        if let rpcErrorCode { return "\(rpcErrorCode)" }
        return status >= 400 ? "\(status)" : reason.rawValue
    }
}
