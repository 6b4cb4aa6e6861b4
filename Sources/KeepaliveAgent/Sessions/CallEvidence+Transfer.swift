// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import MCPWire
import Transfer

extension CallEvidence {
    /// What was seen of a call that ended without a transfer error, or with one.
    init(_ method: MCPMethod, status: Int, answer: Answer, error: TransferError?) {
        self.init(method, status: status, answer: answer)
        guard let error else { return }
        curlCode = error.curlCode
        osError = error.osError
        stoppedByAgent = error.cancelled
        limitExceeded = error.limitExceeded
    }

    /// Takes in what the headers of the answer say beside the body.
    mutating func readHeaders(of response: Response, unixSeconds: Int64) {
        if let value = response.header("retry-after") {
            retryAfter = StreamableHTTPHeader.retryAfter(value.utf8Span.span, now: unixSeconds)
        }
        if let value = response.header("mcp-session-idle-ttl") {
            advertisedTTL = StreamableHTTPHeader.idleTTL(value.utf8Span.span)
        }
    }
}
