// SPDX-License-Identifier: Apache-2.0

extension Catalog {
    // MARK: Semantic conventions for MCP

    package static let operationDuration = MetricDefinition(
        "mcp.client.operation.duration",
        .histogram(bounds: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300]),
        unit: "s",
        "Duration of a keepalive call, from its start to the end of the answer.",
        by: backend,
        AttributeDefinition(key: "mcp.method.name", values: ["ping", "tools/call"]),
        AttributeDefinition(key: "error.type", values: nil),
        AttributeDefinition(key: "rpc.response.status_code", values: nil),
        AttributeDefinition(key: "mcp.protocol.version", values: nil),
        AttributeDefinition(key: "gen_ai.tool.name", values: nil),
        AttributeDefinition(key: "gen_ai.operation.name", values: ["execute_tool"]),
        AttributeDefinition(key: "network.transport", values: ["tcp"]),
        AttributeDefinition(key: "network.protocol.name", values: ["http"]),
        AttributeDefinition(key: "network.protocol.version", values: ["1.1"]),
        AttributeDefinition(key: "server.address", values: nil),
        AttributeDefinition(key: "server.port", values: nil)
    )

    package static let sessionDuration = MetricDefinition(
        "mcp.client.session.duration",
        .histogram(bounds: [1, 10, 60, 300, 900, 1800, 3600, 10_800, 43_200, 86_400]),
        unit: "s",
        "Duration of a session that the agent opened itself, recorded when it is closed, replaced or lost.",
        by: backend,
        AttributeDefinition(key: "error.type", values: ["session_expired"]),
        AttributeDefinition(key: "network.transport", values: ["tcp"]),
        AttributeDefinition(key: "network.protocol.name", values: ["http"]),
        AttributeDefinition(key: "network.protocol.version", values: ["1.1"]),
        AttributeDefinition(key: "server.address", values: nil),
        AttributeDefinition(key: "server.port", values: nil)
    )

    /// Metrics that the semantic conventions define; their series come with the first call that needs them.
    package static let conventionMetrics: [MetricDefinition] = [operationDuration, sessionDuration]

    /// Every metric there is.
    package static let allMetrics: [MetricDefinition] =
        metrics + conventionMetrics + processMetrics + spoolMetrics + storageMetrics
}
