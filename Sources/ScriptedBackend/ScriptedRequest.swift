// SPDX-License-Identifier: Apache-2.0

internal import JSONText

/// What a script gets to see of a request.
package struct ScriptedRequest: Sendable {
    /// `POST`, `DELETE`, `GET` ...
    package let httpMethod: String
    /// The JSON-RPC method; of a request without a body the HTTP method.
    package let method: String
    /// The tool of a `tools/call`.
    package let tool: String?
    /// The value of `Mcp-Session-Id`.
    package let sessionID: String?
    /// Header values by lower-case name.
    package let headers: [String: String]
    /// The trace context in `params._meta`, where the client carries one (SEP-414).
    package let traceparent: String?
    /// How many requests of this method have come, with this one.
    package internal(set) var count = 1
    /// How many requests of this method have come on this session, with this one.
    package internal(set) var sessionCount = 1

    /// The JSON-RPC id, to be repeated in the answer; nil for notifications.
    let id: JSONValue?
    /// False for a body that is no JSON-RPC message.
    let isReadable: Bool

    /// Reads a request; `headers` by lower-case name.
    init(httpMethod: String, headers: [String: String], body: [UInt8]) {
        self.httpMethod = httpMethod
        self.headers = headers
        sessionID = headers["mcp-session-id"]
        let message = try? JSONValue.parse(body.span)
        let parameters = message?["params"]
        method = message?["method"]?.string ?? httpMethod
        tool = method == "tools/call" ? parameters?["name"]?.string : nil
        traceparent = parameters?["_meta"]?["traceparent"]?.string
        id = message?["id"]?.value
        isReadable = body.isEmpty || message?["method"]?.string != nil
    }
}
