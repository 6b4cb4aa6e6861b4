// SPDX-License-Identifier: Apache-2.0

import JSONText
import KeepaliveTesting

/// A request as an `MCPPeer` understood it.
struct MCPPeerRequest: Sendable {
    let http: TCPPeerRequest
    /// The JSON-RPC method, or the HTTP method where there is no body.
    let method: String
    /// The JSON-RPC id; empty for notifications.
    let id: String
    /// `params`, where there are any.
    let parameters: JSONNode?

    init(_ http: TCPPeerRequest) {
        self.http = http
        let message = try? JSONValue.parse(http.body.span)
        method = message?["method"]?.string ?? http.method
        id = message?["id"]?.string ?? ""
        parameters = message?["params"]
    }

    var sessionID: String? { http.header("Mcp-Session-Id") }
    var protocolVersion: String? { http.header("MCP-Protocol-Version") }
    var authorization: String? { http.header("Authorization") }
    var traceparent: String? { parameters?["_meta"]?["traceparent"]?.string }

    /// A JSON-RPC response with a result.
    func result(_ json: String = "{}") -> String { #"{"jsonrpc":"2.0","id":"\#(id)","result":\#(json)}"# }

    /// A JSON-RPC error with the id of this request.
    func error(_ code: Int, _ message: String) -> String {
        #"{"jsonrpc":"2.0","id":"\#(id)","error":{"code":\#(code),"message":"\#(message)"}}"#
    }
}

extension TCPPeerStep {
    /// Sends a whole answer with some body.
    static func respond(_ status: Int, _ type: String, _ body: String) -> TCPPeerStep {
        respond(status: status, headers: type.isEmpty ? [] : [("Content-Type", type)], body: Array(body.utf8))
    }

    /// Sends a whole event stream, then ends it.
    static func respond(events: String) -> TCPPeerStep { respond(200, "text/event-stream", events) }
}
