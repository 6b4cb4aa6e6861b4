// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import MCPWire

extension WireCase {
    /// Answers that are what was asked for.
    static let successes: [WireCase] = [
        WireCase("JSON", 200, result(), .success),
        WireCase("JSON, upper case type", 200, as: "Application/JSON; charset=utf-8", result(), .success),
        WireCase("event stream", 200, as: "text/event-stream", event(result()), .success),
        WireCase("event stream, then a reset", 200, as: "text/event-stream", event(result()), curl: 56, .success),
        WireCase(
            "priming event",
            200,
            as: "text/event-stream",
            "id: ev-9\r\ndata: \r\nretry: 1000\r\n\r\n" + event(result()),
            .success
        ),
        WireCase("batch", 200, "[\(result(id: "1")),\(result())]", .success),
        WireCase("anything in a ping's result", 200, result(#"{"isError":true}"#), .success),
        WireCase("tool", on: .callTool, 200, result(#"{"content":[],"isError":false}"#), .success),
        WireCase("tool, complete", on: .callTool, 200, result(#"{"resultType":"complete"}"#), .success),
    ]

    /// Refusals and errors of the backend.
    static let refusals: [WireCase] = [
        WireCase(
            "-32601",
            200,
            error(-32601, "Method not found", id: idText),
            .uncounted(.methodNotFound, .alive, .latchMethod)
        ),
        WireCase(
            "words",
            200,
            error(-32602, "Unknown method", id: idText),
            .uncounted(.methodNotFound, .alive, .latchMethod)
        ),
        WireCase(
            "words, 400",
            400,
            error(-32000, "Unsupported method: ping"),
            .uncounted(.methodNotFound, .unknown, .latchMethod)
        ),
        WireCase("tool, -32601", on: .callTool, 200, error(-32601, "x", id: idText), .counted(.methodNotFound, .alive)),
        WireCase("tool, -32601 and 404", on: .callTool, 404, error(-32601, "x"), .counted(.methodNotFound)),
        WireCase(
            "tool, words",
            on: .callTool,
            200,
            error(-32602, "Unknown method", id: idText),
            .counted(.rpcError, .alive)
        ),
        WireCase(
            "modern, initialize",
            on: .initialize,
            404,
            error(-32601, "x"),
            .uncounted(.methodNotFound, .unknown, .redetectEra)
        ),
        WireCase(
            "draft, initialize",
            on: .initialize,
            400,
            error(-32004, "x"),
            .uncounted(.protocol, .unknown, .redetectEra)
        ),
        WireCase(
            "modern 2, initialize",
            on: .initialize,
            400,
            error(-32022, "x"),
            .uncounted(.protocol, .unknown, .redetectEra)
        ),
        WireCase("draft code on ping", 400, error(-32004, "x"), .counted(.http4xx)),
        WireCase(
            "modern",
            400,
            error(-32022, "Unsupported protocol version"),
            .counted(.protocol, .unknown, .redetectEra)
        ),
        WireCase("header mismatch", 400, error(-32020, "Header mismatch"), .counted(.protocol)),
        WireCase("capability", 200, error(-32021, "x", id: idText), .counted(.protocol)),
        WireCase(
            "401",
            401,
            error(-32600, "Session not found"),
            .uncounted(.unauthorized, .unknown, .refreshCredential)
        ),
        WireCase("403", 403, as: "text/plain", "Forbidden", .uncounted(.forbidden, .unknown, .pauseSession)),
        WireCase("429", 429, as: "", "", .uncounted(.rateLimited, .unknown, .pauseBackend)),
        WireCase("301", 301, as: "text/html", "<html>", .redirect),
        WireCase("307 with a result", 307, result(), .redirect),
        WireCase("400", 400, error(-32700, "Parse error"), .counted(.http4xx)),
        WireCase("406", 406, error(-32000, "Not Acceptable"), .counted(.http4xx)),
        WireCase("409", 409, as: "", "", .counted(.http4xx)),
        WireCase("500", 500, error(-32603, "Internal error", id: idText), .counted(.http5xx)),
        WireCase("500 with a result", 500, result(), .counted(.http5xx)),
        WireCase("503", 503, as: "text/html", "<html>", .pausing503),
        WireCase("rpc error", 200, error(-32603, "Internal error", id: idText), .counted(.rpcError, .alive)),
        WireCase("rpc error, foreign id", 200, error(-32603, "Internal error", id: "7"), .counted(.rpcError, .alive)),
        WireCase(
            "rpc error, stream",
            200,
            as: "text/event-stream",
            event(error(-32603, "x", id: "7")),
            .counted(.rpcError, .alive)
        ),
        WireCase(
            "rpc error, then a reset",
            200,
            as: "text/event-stream",
            event(error(1, "x", id: idText)),
            curl: 56,
            .counted(.rpcError, .alive)
        ),
        WireCase(
            "foreign error, then nothing",
            200,
            as: "text/event-stream",
            event(error(1, "x", id: "7")),
            curl: 28,
            .counted(.timeout)
        ),
        WireCase("tool error", on: .callTool, 200, toolError("Unknown tool: nope"), .counted(.toolError, .alive)),
        WireCase(
            "input required",
            on: .callTool,
            200,
            result(#"{"resultType":"input_required"}"#),
            .counted(.toolError, .alive)
        ),
    ]

    /// Answers that are none.
    static let defects: [WireCase] = [
        WireCase("no JSON", 200, "{\"jsonrpc\":", .counted(.protocol)),
        WireCase("depth 65", 200, result(#"{"a":"# + String(repeating: "[", count: 100_000)), .counted(.protocol)),
        WireCase("wrong id", 200, result(id: "\"ka-0123456789abcdef-18\""), .counted(.protocol)),
        WireCase("number as id", 200, result(id: "17"), .counted(.protocol)),
        WireCase("null id and result", 200, result(id: "null"), .counted(.protocol)),
        WireCase("no version", 200, #"{"id":\#(idText),"result":{}}"#, .counted(.protocol)),
        WireCase("no object", 200, result("true"), .counted(.protocol)),
        WireCase(
            "result and error",
            200,
            #"{"jsonrpc":"2.0","id":\#(idText),"result":{},"error":{"code":1}}"#,
            .counted(.protocol)
        ),
        WireCase("error without a code", 200, #"{"error":{"message":"oops"}}"#, .counted(.protocol)),
        WireCase("request of the server's", 200, #"{"jsonrpc":"2.0","id":0,"method":"ping"}"#, .counted(.protocol)),
        WireCase("HTML", 200, as: "text/html", "<html>", .counted(.protocol)),
        WireCase("result as text", 200, as: "text/plain", result(), .counted(.protocol)),
        WireCase("result without a type", 200, as: "", result(), .counted(.protocol)),
        WireCase("no event stream", 200, as: "text/event-stream", "hello", .counted(.protocol)),
        WireCase("broken event", 200, as: "text/event-stream", event("{"), .counted(.protocol)),
        WireCase("event without JSON-RPC", 200, as: "text/event-stream", event("{}"), .counted(.protocol)),
        WireCase("empty 200", 200, as: "", "", .counted(.noResponse)),
        WireCase("empty 200, JSON", 200, " \r\n", .counted(.noResponse)),
        WireCase("202", 202, as: "", "", .counted(.noResponse)),
        WireCase("empty stream", 200, as: "text/event-stream", "", .counted(.noResponse)),
        WireCase("stream of comments", 200, as: "text/event-stream", ": ping\r\n\r\n", .counted(.noResponse)),
        WireCase(
            "stream with others' events",
            200,
            as: "text/event-stream",
            event(result(id: "1")),
            .counted(.noResponse)
        ),
        WireCase("cut stream", 200, as: "text/event-stream", "data: \(result())\r\n", .counted(.noResponse)),
        WireCase("no status", 0, as: "", "", .counted(.protocol)),
    ]

    /// Everything: raw answers and their meaning.
    static let all = expired + overloads + successes + refusals + defects
}

extension Outcome {
    static let redirect = Outcome(reason: .redirect, verdict: .unknown, breaker: .trips, reaction: .none)
}
