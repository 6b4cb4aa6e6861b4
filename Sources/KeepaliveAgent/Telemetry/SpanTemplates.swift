// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import MCPWire
import OTLPExport
import Telemetry

/// The parts of a backend's spans that never change, rendered once.
///
/// Names follow OpenTelemetry's semantic conventions for MCP. A class, because to make a span all parts would be copied
/// otherwise.
final class SpanTemplates: Sendable {
    /// What all calls have in common, and a session.
    let common: AttributeSet
    let ping: AttributeSet
    let tool: AttributeSet
    let toolSpanName: String
    /// The attributes of a cycle, by method and by whether it succeeded.
    private let cycles: [[Attribute]]

    init(_ configuration: BackendConfiguration) {
        let server = ServerAddress(url: configuration.url)
        let backend = Attribute("backend", .string(configuration.name))
        let common = [
            backend,
            Attribute("network.transport", "tcp"),
            Attribute("network.protocol.name", "http"),
            Attribute("network.protocol.version", "1.1"),
            Attribute("server.address", .string(server.host)),
            Attribute("server.port", .int(Int64(server.port))),
        ]
        self.common = AttributeSet(common)
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
        cycles = [CallMethod.ping, .tool].flatMap { method in
            ["failure", "success"].map { outcome in
                [backend, Attribute("method", .string(method.rawValue)), Attribute("outcome", .string(outcome))]
            }
        }
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
        span.attributes.reserveCapacity(record.rpcErrorCode == nil && outcome.isSuccess ? 3 : 5)
        span.attributes.append(Attribute("jsonrpc.request.id", .string(record.requestID.description)))
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
        span.attributes = cycles[(last.method == .ping ? 0 : 2) + (outcome.isSuccess ? 1 : 0)]
        if let reason = outcome.reason {
            span.attributes.append(Attribute("reason", .string(reason.rawValue)))
            span.status = .error(reason.rawValue)
        }
        return span
    }
}
