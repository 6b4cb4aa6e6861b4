// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

extension HTTPCase {
    /// What the words of an answer say. The names of projects are those where the answer was seen.
    static let answers: [HTTPCase] = methods + eras + sessions + errors

    private static let methods: [HTTPCase] = [
        HTTPCase(
            "ping: -32601 at 200",
            row: "ping: -32601 or \"unknown method\" at 2xx",
            error(-32601, "Method not found"),
            is: .uncounted(.methodNotFound, .alive, .latchMethod)
        ),
        HTTPCase(
            "ping: unknown method by words",
            row: "ping: -32601 or \"unknown method\" at 2xx",
            error(-32602, "Unknown method"),
            is: .uncounted(.methodNotFound, .alive, .latchMethod)
        ),
        HTTPCase(
            "ping: -32601 at 404, go-sdk",
            row: "ping: -32601 or \"unknown method\"",
            status: 404,
            error(-32601, "method not found"),
            is: .uncounted(.methodNotFound, .unknown, .latchMethod)
        ),
        HTTPCase(
            "ping: unsupported method at 400",
            row: "ping: -32601 or \"unknown method\"",
            status: 400,
            error(-32000, "Unsupported method: ping", id: "null"),
            is: .uncounted(.methodNotFound, .unknown, .latchMethod)
        ),
        HTTPCase(
            "tool: -32601 at 200",
            row: "tools/call: -32601 at 2xx",
            call: .tool,
            error(-32601, "Method not found"),
            is: .counted(.methodNotFound, .alive)
        ),
        HTTPCase(
            "tool: -32601 at 404",
            row: "tools/call: -32601",
            call: .tool,
            status: 404,
            error(-32601, "Method not found"),
            is: .counted(.methodNotFound)
        ),
    ]

    private static let eras: [HTTPCase] = [
        HTTPCase(
            "initialize: -32601",
            row: "initialize: -32601",
            call: .initialize,
            error(-32601, "Method not found"),
            is: .uncounted(.methodNotFound, .unknown, .redetectEra)
        ),
        HTTPCase(
            "-32020",
            row: "-32020, -32021",
            status: 400,
            error(-32020, "Header mismatch"),
            is: .counted(.protocol)
        ),
        HTTPCase("-32021", row: "-32020, -32021", error(-32021, "Capability"), is: .counted(.protocol)),
        HTTPCase(
            "initialize: -32022",
            row: "initialize: -32022, -32004",
            call: .initialize,
            status: 400,
            error(-32022, "Unsupported protocol version"),
            is: .uncounted(.protocol, .unknown, .redetectEra)
        ),
        HTTPCase(
            "initialize: -32004 of the drafts",
            row: "initialize: -32022, -32004",
            call: .initialize,
            status: 400,
            error(-32004, "Unsupported protocol version", id: "null"),
            is: .uncounted(.protocol, .unknown, .redetectEra)
        ),
        HTTPCase(
            "-32022",
            row: "-32022",
            status: 400,
            error(-32022, "Unsupported protocol version"),
            is: .counted(.protocol, .unknown, .redetectEra)
        ),
    ]

    private static let sessions: [HTTPCase] = [
        HTTPCase(
            "Zilla #2525: -32600 at 200 without an id",
            row: "2xx with -32600 or -32001 that has not our id",
            error(-32600, "Invalid Request", id: "null"),
            is: .lost
        ),
        HTTPCase(
            "-32001 at 200 with a foreign id",
            row: "2xx with -32600 or -32001 that has not our id",
            error(-32001, "Gone", id: #""server-error""#),
            is: .lost
        ),
        HTTPCase("hermes #13383: words at 200", row: words, error(-32602, "Invalid or expired session"), is: .lost),
        HTTPCase("keryx #503: no JSON-RPC at 200", row: words, #"{"error":"Session not found"}"#, is: .lost),
        HTTPCase("kubernaut #1442: words at 200", row: words, error(0, initializing), is: .lost),
        HTTPCase(
            "supergateway #123: words at 400",
            row: words,
            status: 400,
            error(-32000, "No valid session ID"),
            is: .lost
        ),
        HTTPCase("affine #301: words at 400", row: words, status: 400, error(-32000, "Invalid session"), is: .lost),
        HTTPCase(
            "TypeScript, restarted: words at 400",
            row: words,
            status: 400,
            error(-32000, notInitialized),
            is: .lost
        ),
        HTTPCase("breeze #3744: words at 403", row: words, status: 403, error(-32001, "Session not found"), is: .lost),
        HTTPCase("Python: words at 404", row: words, status: 404, error(-32600, "Session not found"), is: .lost),
        HTTPCase("go-sdk: text at 404", row: words, status: 404, as: "text/plain", "session not found\n", is: .lost),
        HTTPCase("mcp-go: text at 404", row: words, status: 404, as: "text/plain", "Session terminated\n", is: .lost),
        HTTPCase("neotoma #2312: text at 503", row: words, status: 503, as: "text/plain", "Unknown session", is: .lost),
        HTTPCase(
            "words in an event",
            row: words,
            as: "text/event-stream",
            "data: \(error(-32600, "Session expired", id: "null"))\n\n",
            is: .lost
        ),
        HTTPCase("tool: words", row: words, call: .tool, error(-32602, "Session does not exist"), is: .lost),
        HTTPCase(
            "auggie #149: -32603 at 404",
            row: "404, 410 with a JSON-RPC error",
            status: 404,
            error(-32603, "Internal error"),
            is: .lost
        ),
        HTTPCase(
            "410",
            row: "404, 410 with a JSON-RPC error",
            status: 410,
            error(-32000, "Gone", id: "null"),
            is: .lost
        ),
    ]

    private static let errors: [HTTPCase] = [
        HTTPCase(
            "tool: isError",
            row: "tools/call: isError, input_required",
            call: .tool,
            result(#"{"content":[],"isError":true}"#),
            is: .counted(.toolError, .alive)
        ),
        HTTPCase(
            "tool: input_required",
            row: "tools/call: isError, input_required",
            call: .tool,
            result(#"{"resultType":"input_required"}"#),
            is: .counted(.toolError, .alive)
        ),
        HTTPCase(
            "an internal error at 200",
            row: "another JSON-RPC error at 2xx",
            error(-32603, "Internal error"),
            is: .counted(.rpcError, .alive)
        ),
        HTTPCase(
            "an error with a foreign id, alone in its stream",
            row: "another JSON-RPC error at 2xx",
            as: "text/event-stream",
            "data: \(error(-32603, "Internal error", id: "7"))\n\n",
            is: .counted(.rpcError, .alive)
        ),
    ]

    private static let words = "words of a lost session"
    private static let notInitialized = "Bad Request: Server not initialized"
    private static let initializing = #"method \"ping\" is invalid during session initialization"#
}
