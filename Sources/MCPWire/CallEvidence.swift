// SPDX-License-Identifier: Apache-2.0

/// Everything that was seen of one call, from which its outcome is decided.
package struct CallEvidence: Sendable, Hashable {
    /// What was sent.
    package var request: MCPMethod
    /// The CURLcode of the transfer; 0 also when it was stopped early because the answer had been read.
    package var curlCode: Int32 = 0
    /// The `errno` behind `curlCode`; 0 when there is none.
    package var osError: Int32 = 0
    /// The agent gave the call up: it shuts down, or the session was released.
    package var stoppedByAgent = false
    /// The body reached its byte cap, and the transfer was stopped.
    package var limitExceeded = false
    /// The header section reached libcurl's cap.
    package var headersTooLarge = false
    /// The HTTP status; 0 when none was received.
    package var status: Int
    /// What the body was.
    package var answer: Answer
    /// `Retry-After` of the answer.
    package var retryAfter: Duration?
    /// The idle TTL that the answer advertised.
    package var advertisedTTL: Duration?

    package init(_ request: MCPMethod, status: Int = 0, answer: Answer = .none) {
        self.request = request
        self.status = status
        self.answer = answer
    }

    /// The request was sent on a session.
    package var bearsSession: Bool { request != .initialize }

    /// The status says success.
    package var isOK: Bool { (200..<300).contains(status) }

    /// The answer is all there: nothing cut it short.
    package var isComplete: Bool { curlCode == 0 && !limitExceeded && !headersTooLarge }

    /// The call did what it was for.
    package var isSuccess: Bool {
        guard isOK, case .result(let result) = answer else { return false }
        // A ping's result is empty by the specification; whatever a server puts there means nothing.
        return request != .callTool || !(result.isError || result.inputRequired)
    }
}
