// SPDX-License-Identifier: Apache-2.0

/// How a scripted backend answers one request.
package indirect enum ScriptedAnswer: Sendable, Equatable {
    /// As a well-behaved server would: the session must be alive, ping gives `{}`, a tool gives text.
    case success
    /// A JSON-RPC error, by default with the HTTP status that most servers use for it.
    case rpcError(code: Int, message: String, status: Int = 200)
    /// A tool result with `isError`.
    case toolError(String)
    /// Any HTTP answer, without JSON-RPC of ours.
    case status(Int, body: String = "", contentType: String = "text/plain", headers: [String: String] = [:])
    /// Forgets the session, then answers as for an unknown one.
    case sessionExpired
    /// -32601, which gateways and modern servers also send as 404.
    case methodNotFound(status: Int = 200)
    /// Waits, then answers.
    case delay(Duration, then: ScriptedAnswer)
    /// Says nothing until the client leaves or the backend stops.
    case hang
    /// 307 to another address.
    case redirect(to: String)
    /// An event stream that ends without a response.
    case emptyStream
    /// 401 with a challenge.
    case unauthorized
    /// 429 or 503 with a Retry-After of seconds, a date or nonsense.
    case retryAfter(String, status: Int = 429)
}
