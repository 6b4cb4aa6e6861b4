// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import Testing

/// One thing that a backend can do to a call, and what the call comes to.
struct HTTPCase: Sendable, CustomTestStringConvertible {
    /// What is sent to the backend.
    enum Call: Sendable {
        case ping
        case tool
        case initialize
    }

    /// What is at the other end.
    enum Server: Sendable {
        /// A peer that answers each request so.
        case script(@Sendable (MCPPeerRequest) -> [TCPPeerStep])
        /// A port on which nobody listens.
        case refusing
        /// A server without TLS, which is called by `https`.
        case plain
        /// Any server, by `https` and with a CA file that does not exist.
        case withoutCertificates
        /// A name that is never resolved (RFC 6761, section 6.4).
        case unresolvable
        /// A peer that hangs, with as many calls in flight as there may be connections.
        case saturated
        /// A peer that hangs until the agent stops.
        case stopping
    }

    let name: String
    /// `seen` of the row in the classification table.
    let row: String
    let call: Call
    let server: Server
    let timeout: Duration
    let expected: Outcome

    init(
        _ name: String,
        row: String,
        call: Call = .ping,
        at server: Server,
        timeout: Duration = .seconds(10),
        is expected: Outcome
    ) {
        self.name = name
        self.row = row
        self.call = call
        self.server = server
        self.timeout = timeout
        self.expected = expected
    }

    /// A peer that answers every request with one response; `$ID` in the body becomes the request's id.
    init(
        _ name: String,
        row: String,
        call: Call = .ping,
        status: Int = 200,
        as type: String = "application/json",
        _ body: String = "",
        headers: [(name: String, value: String)] = [],
        is expected: Outcome
    ) {
        let fields = (type.isEmpty ? [] : [(name: "Content-Type", value: type)]) + headers
        let script: @Sendable (MCPPeerRequest) -> [TCPPeerStep] = { request in
            let text = body.split(separator: "$ID", omittingEmptySubsequences: false).joined(separator: request.id)
            return [.respond(status: status, headers: fields, body: Array(text.utf8))]
        }
        self.init(name, row: row, call: call, at: .script(script), is: expected)
    }

    /// A peer that does this after every request.
    init(
        _ name: String,
        row: String,
        steps: [TCPPeerStep],
        timeout: Duration = .seconds(10),
        is expected: Outcome
    ) {
        self.init(name, row: row, at: .script { _ in steps }, timeout: timeout, is: expected)
    }

    var testDescription: String { name }

    /// A JSON-RPC error; its id is the request's own unless another one is given.
    static func error(_ code: Int, _ message: String, id: String = #""$ID""#) -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":\#(code),"message":"\#(message)"}}"#
    }

    static func result(_ json: String, id: String = #""$ID""#) -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"result":\#(json)}"#
    }

    /// A configuration of a backend at that URL, whose keepalives make the case's call.
    func configuration(url: String) -> BackendConfiguration {
        .test("alpha", url, tool: "peek") { policy in
            policy.method = call == .tool ? .tool : .ping(hasFallback: false)
            policy.timeout = timeout
            policy.toolTimeout = timeout
        }
    }
}

extension Outcome {
    /// A failure that counts for the breaker.
    static func counted(_ reason: FailureReason, _ verdict: Verdict = .unknown, _ reaction: Reaction = .none) -> Outcome
    {
        Outcome(reason: reason, verdict: verdict, breaker: .counts, reaction: reaction)
    }

    /// A failure that is the session's or the credential's, and not the backend's.
    static func uncounted(_ reason: FailureReason, _ verdict: Verdict, _ reaction: Reaction) -> Outcome {
        Outcome(reason: reason, verdict: verdict, breaker: .none, reaction: reaction)
    }

    static let lost = uncounted(.sessionExpired, .lost, .stopSession)
    static let recheck = uncounted(.sessionExpired, .unknown, .recheckSession)
    static let tls = Outcome(reason: .tls, verdict: .unknown, breaker: .trips, reaction: .none)
    static let redirect = Outcome(reason: .redirect, verdict: .unknown, breaker: .trips, reaction: .none)

    /// The same, with a time for which the backend wants to be left alone.
    func after(_ retryAfter: Duration) -> Outcome {
        var outcome = self
        outcome.retryAfter = retryAfter
        return outcome
    }
}
