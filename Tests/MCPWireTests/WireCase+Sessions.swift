// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import MCPWire

extension WireCase {
    /// How servers in the wild say that a session has expired.
    static let expired: [WireCase] = [
        WireCase("Python, fastmcp", 404, error(-32600, "Session not found"), .lost),
        WireCase("Python 1.x", 404, error(-32600, "Session not found", id: "\"server-error\""), .lost),
        WireCase(
            "TypeScript, C#, gortex",
            404,
            #"{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}"#,
            .lost
        ),
        WireCase("TypeScript, restarted", 400, error(-32000, "Bad Request: Server not initialized"), .lost),
        WireCase("go-sdk, Playwright", 404, as: "text/plain; charset=utf-8", "session not found\n", .lost),
        WireCase("rmcp", 404, as: "", "Not Found: Session not found", .lost),
        WireCase("mcp-go", 404, as: "text/plain", "Invalid session ID\n", .lost),
        WireCase("mcp-go, after DELETE", 404, as: "text/plain", "Session terminated\n", .lost),
        WireCase("HTTP+SSE, Python", 404, as: "text/plain", "Could not find session", .lost),
        WireCase("supergateway #123", 400, error(-32000, "Bad Request: No valid session ID provided"), .lost),
        WireCase("affine #301", 400, error(-32000, "Invalid session"), .lost),
        WireCase("Zilla #2525", 200, error(-32600, "Invalid Request"), .lost),
        WireCase("200 with -32001 and a foreign id", 200, error(-32001, "Gone", id: "\"server-error\""), .lost),
        WireCase("hermes #13383", 200, error(-32602, "Invalid or expired session", id: idText), .lost),
        WireCase("keryx #503", 200, #"{"error":"Session not found"}"#, .lost),
        WireCase("breeze #3744", 403, error(-32001, "Session not found"), .lost),
        WireCase("neotoma #2312", 503, as: "text/plain", "Unknown session", .lost),
        WireCase("auggie #149", 404, error(-32603, "Internal error"), .lost),
        WireCase(
            "kubernaut #1442",
            200,
            error(0, #"method \"ping\" is invalid during session initialization"#, id: idText),
            .lost
        ),
        WireCase("event stream", 200, as: "text/event-stream", event(error(-32600, "Session not found")), .lost),
        WireCase("a word in an event", 200, as: "text/event-stream", event("Session expired"), .lost),
        WireCase("JSON under the wrong name", 404, as: "text/event-stream", error(-32600, "No such thing"), .lost),
        WireCase("410 with a JSON-RPC error", 410, error(-32000, "Gone"), .lost),
        WireCase("tool call", on: .callTool, 200, error(-32602, "Session does not exist"), .lost),
    ]

    /// Answers that look like that, and are something else.
    static let overloads: [WireCase] = [
        WireCase(
            "go-sdk #897",
            404,
            error(-32601, "method not found"),
            .uncounted(.methodNotFound, .unknown, .latchMethod)
        ),
        WireCase("HeaderMismatch of drafts", 400, error(-32001, "Header mismatch: Mcp-Name"), .counted(.http4xx)),
        WireCase("capacity", on: .initialize, 503, as: "text/plain", "Too many open sessions", .pausing503),
        WireCase(
            "a proxy strips the header",
            400,
            error(-32000, "Bad Request: Missing session ID"),
            .counted(.http4xx)
        ),
        WireCase("the same as 404", 404, error(-32600, "Missing session ID"), .counted(.http4xx)),
        WireCase("the same as 200", 200, error(-32600, "Missing session ID"), .counted(.rpcError, .alive)),
        WireCase("wrong URL", on: .initialize, 404, as: "text/plain", "404 page not found", .counted(.http4xx)),
        WireCase("wrong URL, JSON", on: .initialize, 404, error(-32000, "Not found"), .counted(.http4xx)),
        WireCase("words on initialize", on: .initialize, 400, error(-32000, "Invalid session"), .counted(.http4xx)),
        WireCase("initialize refused", on: .initialize, 200, error(-32600, "No"), .counted(.rpcError, .alive)),
        WireCase("ingress", 404, as: "text/html", "<html>session not found</html>", .recheck),
        WireCase("ingress, unnamed", 404, as: "", "\n<!DOCTYPE html><p>Session expired", .recheck),
        WireCase("bare 404", 404, as: "text/plain", "404 page not found", .recheck),
        WireCase("empty 404", 404, as: "", "", .recheck),
        WireCase("bare 410", 410, as: "text/plain", "gone", .recheck),
        WireCase("404 and a foreign result", 404, result(id: "1"), .counted(.http4xx)),
        WireCase(
            "tool that lost something else",
            on: .callTool,
            200,
            toolError("Session not found"),
            .counted(.toolError, .alive)
        ),
        WireCase("other words about sessions", 400, error(-32000, "Wrong session type"), .counted(.http4xx)),
        WireCase("-32600 with our id", 200, error(-32600, "Invalid Request", id: idText), .counted(.rpcError, .alive)),
        WireCase("words behind the first 512 bytes", 500, as: "text/plain", farAway, .counted(.http5xx)),
    ]

    private static let farAway = String(repeating: "x", count: 512) + "session not found"

    static func toolError(_ text: String) -> String {
        result(#"{"content":[{"type":"text","text":"\#(text)"}],"isError":true}"#)
    }
}

extension Outcome {
    static let recheck = Outcome.uncounted(.sessionExpired, .unknown, .recheckSession)
    static let pausing503 = Outcome.counted(.http5xx, .unknown, .pauseBackendIfTold)
}
