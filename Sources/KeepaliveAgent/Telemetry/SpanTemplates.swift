// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import MCPWire
import Telemetry

/// The parts of a backend's spans that never change, rendered once.
///
/// Names follow OpenTelemetry's semantic conventions for MCP.
struct SpanTemplates: Sendable {
    let ping: AttributeSet
    let tool: AttributeSet
    let toolSpanName: String
    private let backend: Attribute

    init(_ configuration: BackendConfiguration) {
        let server = ServerAddress(url: configuration.url)
        backend = Attribute("backend", .string(configuration.name))
        let common = [
            backend,
            Attribute("network.transport", "tcp"),
            Attribute("network.protocol.name", "http"),
            Attribute("network.protocol.version", "1.1"),
            Attribute("server.address", .string(server.host)),
            Attribute("server.port", .int(Int64(server.port))),
        ]
        ping = AttributeSet(common + [Attribute("mcp.method.name", "ping")])
        let toolName = configuration.tool?.name ?? ""
        tool = AttributeSet(
            common + [
                Attribute("mcp.method.name", "tools/call"),
                Attribute("gen_ai.tool.name", .string(toolName)),
                Attribute("gen_ai.operation.name", "execute_tool"),
            ]
        )
        toolSpanName = "tools/call \(toolName)"
    }

    /// The CLIENT span of one call.
    func call(_ attempt: Attempt, _ outcome: Outcome, _ record: CallRecord, parent: SpanID) -> Telemetry.Span {
        var span = Telemetry.Span(
            scope: Recording.scope,
            context: record.context,
            parent: parent,
            name: attempt.method == .ping ? "ping" : toolSpanName,
            kind: .client,
            start: record.start,
            end: record.end
        )
        span.sharedAttributes = attempt.method == .ping ? ping : tool
        span.attributes = [Attribute("jsonrpc.request.id", .string(record.requestID.description))]
        if !record.sessionName.isEmpty {
            span.attributes.append(Attribute("mcp.session.id", .string(record.sessionName)))
        }
        if !record.protocolVersion.isEmpty {
            span.attributes.append(Attribute("mcp.protocol.version", .string(record.protocolVersion)))
        }
        if let code = record.rpcErrorCode {
            span.attributes.append(Attribute("rpc.response.status_code", .string("\(code)")))
        }
        if let reason = outcome.reason {
            span.attributes.append(Attribute("error.type", .string(record.errorType(reason))))
            span.status = .error(reason.rawValue)
        }
        return span
    }

    /// The INTERNAL span of a cycle whose last call was `last`.
    func cycle(
        last: Attempt,
        _ outcome: Outcome,
        context: SpanContext,
        start: UInt64,
        end: UInt64
    ) -> Telemetry.Span {
        var span = Telemetry.Span(
            scope: Recording.scope,
            context: context,
            name: "keepalive",
            kind: .internal,
            start: start,
            end: end
        )
        span.attributes = [
            backend,
            Attribute("method", .string(last.method.rawValue)),
            Attribute("outcome", outcome.isSuccess ? "success" : "failure"),
        ]
        if let reason = outcome.reason {
            span.attributes.append(Attribute("reason", .string(reason.rawValue)))
            span.status = .error(reason.rawValue)
        }
        return span
    }
}
