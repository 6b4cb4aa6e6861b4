// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import MCPWire
import Telemetry

/// One keepalive cycle under way: what its calls and its spans have in common.
struct KeepaliveFlight: Sendable {
    /// The INTERNAL span of the cycle.
    var root: SpanContext
    /// When the cycle started, in nanoseconds since 1970.
    var start: UInt64
    /// The call that is in flight, or was last.
    var attempt: Attempt
    /// The CLIENT span of that call.
    var call: SpanContext
    var requestID: RequestID
    /// When that call started, in nanoseconds since 1970.
    var callStart: UInt64
    /// Reads that call's answer.
    var reader: AnswerReader
    /// The type of that answer, once its first byte is there.
    var contentType: AnswerContentType?
    /// What became of that call, once it ended.
    var record: CallRecord?
}
