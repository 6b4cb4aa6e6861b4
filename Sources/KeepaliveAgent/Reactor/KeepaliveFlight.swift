// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import MCPWire
import Telemetry

/// One keepalive cycle under way: what its calls and its spans have in common. Used again for later cycles.
///
/// It is large; whoever needs a part of it takes that part.
struct KeepaliveFlight: Sendable {
    /// Whether the cycle has started and not ended.
    private(set) var isUnderWay = true
    var trace: CycleTrace
    /// The call that is in flight, or was last.
    private(set) var attempt: Attempt
    /// The CLIENT span of that call.
    private(set) var call: SpanContext
    private(set) var requestID: RequestID
    /// When that call started, in nanoseconds since 1970.
    private(set) var callStart: UInt64
    /// Reads that call's answer.
    var reader: AnswerReader
    /// The type of that answer, once its first byte is there.
    var contentType: AnswerContentType?

    /// A cycle that starts with this call.
    init(_ attempt: Attempt, root: SpanContext, call: SpanContext, id: RequestID, unixNanoseconds: UInt64) {
        trace = CycleTrace(root: root, start: unixNanoseconds)
        self.attempt = attempt
        self.call = call
        requestID = id
        callStart = unixNanoseconds
        reader = AnswerReader(expecting: id)
    }

    /// Another call starts, of this cycle or the first one of a later cycle.
    mutating func begin(_ attempt: Attempt, call: SpanContext, id: RequestID, unixNanoseconds: UInt64) {
        isUnderWay = true
        trace.record = nil
        self.attempt = attempt
        self.call = call
        requestID = id
        callStart = unixNanoseconds
        reader.reset(expecting: id)
        contentType = nil
    }

    /// The cycle is over.
    mutating func end() {
        isUnderWay = false
        trace.record = nil
    }
}
