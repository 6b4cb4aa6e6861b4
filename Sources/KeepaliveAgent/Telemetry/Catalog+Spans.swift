// SPDX-License-Identifier: Apache-2.0

extension Catalog {
    /// Every kind of span: a trace per keepalive, with a child per call (semantic conventions for MCP, "Client").
    package static let spans: [SpanDefinition] = [
        SpanDefinition(
            "keepalive",
            kind: "INTERNAL",
            "One keepalive: a call, or several when a fallback was made or a refused credential was renewed.",
            [
                "backend": "the name in the configuration",
                "method": "`ping` or `tool`: the last call",
                "outcome": "`success` or `failure`: the last call",
                "reason": "the failure reason; only when the last call failed",
            ]
        ),
        SpanDefinition(
            "ping",
            kind: "CLIENT",
            "One call of `ping`.",
            call
        ),
        SpanDefinition(
            "tools/call <tool>",
            kind: "CLIENT",
            "One call of the keepalive or fallback tool.",
            toolCall
        ),
    ]

    private static let call: KeyValuePairs<String, String> = [
        "backend": "the name in the configuration",
        "mcp.method.name": "`ping`",
        "jsonrpc.request.id": "the id of the request",
        "mcp.session.id": "a keyed hash of the id, 16 hexadecimal digits; the key is new at each start",
        "mcp.protocol.version": "where it is known, and a date",
        "network.transport": "`tcp`",
        "network.protocol.name": "`http`",
        "network.protocol.version": "`1.1`",
        "server.address": "the host of the backend's URL",
        "server.port": "its port",
        "rpc.response.status_code": "the JSON-RPC error code; only where one came back",
        "error.type": "that code, else the HTTP status from 400 on, else the failure reason; only on failures",
    ]

    private static let toolCall: KeyValuePairs<String, String> = [
        "backend": "the name in the configuration",
        "mcp.method.name": "`tools/call`",
        "gen_ai.tool.name": "the tool",
        "gen_ai.operation.name": "`execute_tool`",
        "jsonrpc.request.id": "as above, like all that follow",
        "mcp.session.id": "",
        "mcp.protocol.version": "",
        "network.transport": "",
        "network.protocol.name": "",
        "network.protocol.version": "",
        "server.address": "",
        "server.port": "",
        "rpc.response.status_code": "",
        "error.type": "",
    ]
}
