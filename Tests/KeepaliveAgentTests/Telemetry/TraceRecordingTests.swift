// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import JSONText
import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import LogText
import OTLPExport
import Telemetry
import Testing

/// One trace per keepalive, as the semantic conventions for MCP have it.
@Suite(.timeLimit(.minutes(1)))
struct TraceRecordingTests {
    @Test func `a ping is a CLIENT span under an INTERNAL one, and its context goes to the backend`() async throws {
        let peer = try MCPPeer()
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            _ = await agent.reactor.attach(.test("canary", version: "2025-06-18"), to: 0)
            try await agent.keepalive()
            let record = agent.telemetry.record
            let (root, call) = (try #require(record.cycles.first), try #require(record.calls.first))
            #expect(record.spans.count == 2)
            #expect(root.name == "keepalive")
            #expect(root.parent == nil)
            #expect(root.status == .unset)
            #expect(root.attributes.map(\.key) == ["backend", "method", "outcome"])
            #expect(root["method"] == "ping")
            #expect(root["outcome"] == "success")
            #expect(call.name == "ping")
            #expect(call.context.traceID == root.context.traceID)
            #expect(call.parent == root.context.spanID)
            #expect(call.status == .unset)
            #expect(call.start >= root.start && call.end <= root.end && call.start <= call.end)
            let request = try #require(peer.requests.first)
            #expect(request.traceparent == call.context.traceparent)
            #expect(call["mcp.method.name"] == "ping")
            #expect(call["jsonrpc.request.id"] == .string(request.id))
            #expect(call["mcp.protocol.version"] == "2025-06-18")
            #expect(call["network.transport"] == "tcp")
            #expect(call["network.protocol.name"] == "http")
            #expect(call["network.protocol.version"] == "1.1")
            #expect(call["server.address"] == "127.0.0.1")
            #expect(call["server.port"] == .int(Int64(ServerAddress(url: peer.url).port)))
            #expect(call["backend"] == "alpha")
            for key in ["error.type", "rpc.response.status_code", "gen_ai.tool.name"] { #expect(call[key] == nil) }
        }
        await peer.stop()
    }

    @Test func `spans are those of the catalogue, and each of its attributes occurs`() async throws {
        let peer = try MCPPeer { request in
            request.sessionID == "bad" ? [.respond(json: request.error(-32001, "no"))] : nil
        }
        var keys: [String: Set<String>] = [:]
        for method in [BackendPolicy.Method.ping(hasFallback: true), .tool] {
            try await TestAgent.run(.test("alpha", peer.url, tool: "peek", policy: { $0.method = method })) { agent in
                _ = await agent.reactor.attach(.test("good", version: "2025-06-18"), to: 0)
                _ = await agent.reactor.attach(.test("bad", version: "2025-06-18"), to: 0)
                try await agent.keepalive(2)
                for span in agent.telemetry.record.spans {
                    let name = span.name.hasPrefix("tools/call ") ? "tools/call <tool>" : span.name
                    let attributes = span.attributes + span.sharedAttributes.attributes
                    keys[name, default: []].formUnion(attributes.map(\.key))
                }
            }
        }
        #expect(Set(keys.keys) == Set(Catalog.spans.map(\.name)))
        for span in Catalog.spans { #expect(keys[span.name] == Set(span.attributes.map(\.key)), "\(span.name)") }
        await peer.stop()
    }

    @Test func `a tool call is named after its tool`() async throws {
        let peer = try MCPPeer()
        try await TestAgent.run(.test("alpha", peer.url, tool: "peek") { $0.method = .tool }) { agent in
            _ = await agent.reactor.attach(.test("canary"), to: 0)
            try await agent.keepalive()
            let call = try #require(agent.telemetry.record.calls.first)
            #expect(call.name == "tools/call peek")
            #expect(call["mcp.method.name"] == "tools/call")
            #expect(call["gen_ai.tool.name"] == "peek")
            #expect(call["gen_ai.operation.name"] == "execute_tool")
            #expect(call["mcp.protocol.version"] == nil)
            #expect(agent.telemetry.record.cycles.first?["method"] == "tool")
            #expect(peer.requests.first?.traceparent == call.context.traceparent)
            #expect(peer.requests.first?.parameters?["name"]?.string == "peek")
        }
        await peer.stop()
    }

    /// The JSON-RPC code if one came back, else the HTTP status from 400 on, else the reason.
    private static let errorTypes: [(answer: String, type: String, reason: String, code: String?)] = [
        ("rpc error", "-32603", "rpc_error", "-32603"),
        ("rpc error at 404", "-32600", "session_expired", "-32600"),
        ("500", "500", "http_5xx", nil),
        ("404", "404", "session_expired", nil),
        ("redirect", "redirect", "redirect", nil),
        ("reset", "reset", "reset", nil),
        ("empty", "no_response", "no_response", nil),
    ]

    @Test(arguments: errorTypes)
    func `error.type is the most telling that there is`(
        _ answer: String,
        _ type: String,
        _ reason: String,
        _ code: String?
    ) async throws {
        let peer = try MCPPeer { request in
            switch answer {
            case "rpc error": [.respond(json: request.error(-32603, "Internal error"))]
            case "rpc error at 404": [.respond(status: 404, json: request.error(-32600, "Session not found"))]
            case "redirect": [.respond(status: 302)]
            case "reset": [.reset]
            case "empty": [.respond()]
            default: [.respond(status: Int(answer) ?? 0)]
            }
        }
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            _ = await agent.reactor.attach(.test("canary"), to: 0)
            try await agent.keepalive()
            let call = try #require(agent.telemetry.record.calls.first)
            let root = try #require(agent.telemetry.record.cycles.first)
            #expect(call["error.type"] == .string(type))
            #expect(call["rpc.response.status_code"] == code.map { .string($0) })
            #expect(call.status == .error(reason))
            #expect(root.status == .error(reason))
            #expect(root["reason"] == .string(reason))
            #expect(root["outcome"] == "failure")
        }
        await peer.stop()
    }

    @Test func `a cycle whose fallback succeeded has a failed ping and no error itself`() async throws {
        let peer = try MCPPeer { request in
            request.method == "ping" ? [.respond(json: request.error(-32601, "Method not found"))] : nil
        }
        let backend = BackendConfiguration.test("alpha", peer.url, tool: "peek") {
            $0.method = .ping(hasFallback: true)
        }
        try await TestAgent.run(backend) { agent in
            _ = await agent.reactor.attach(.test("canary"), to: 0)
            try await agent.keepalive()
            let record = agent.telemetry.record
            let root = try #require(record.cycles.first)
            #expect(record.calls.map(\.name) == ["ping", "tools/call peek"])
            #expect(record.calls.map(\.status) == [.error("method_not_found"), .unset])
            #expect(record.calls.allSatisfy { $0.parent == root.context.spanID })
            #expect(Set(record.calls.map(\.context.spanID)).count == 2)
            #expect(peer.requests.map(\.traceparent) == record.calls.map(\.context.traceparent))
            #expect(root.status == .unset)
            #expect(root["method"] == "tool")
            #expect(root["outcome"] == "success")
            #expect(root.end == record.calls.last?.end)
            let snapshot = await agent.collect()
            #expect(snapshot.value("keepalive_failure_count", ["method": "ping"]) == 1)
            #expect(snapshot.value("keepalive_success_count", ["method": "tool"]) == 1)
            #expect(snapshot.value("keepalive_fallback_active") == 1)
            // What was selected is told with the trace of the cycle that found out.
            let log = try #require(record.logs.first { $0.eventName == "keepalive.fallback.selected" })
            #expect(log.context == root.context)
        }
        await peer.stop()
    }

    @Test func `a state change is a log record in the trace of the call that caused it`() async throws {
        let peer = try MCPPeer { _ in [.respond(status: 500)] }
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            _ = await agent.reactor.attach(.test("canary"), to: 0)
            for _ in 0..<3 { try await agent.keepalive() }
            let record = agent.telemetry.record
            let cause = try #require(record.cycles.last)
            let log = try #require(record.logs.last)
            #expect(log.eventName == "keepalive.backend.auto_disabled")
            #expect(log.context == cause.context)
            #expect(log.severity == .warning)
            #expect(log.time == agent.clock.agentClock.unixNanoseconds())
            #expect(log.attributes.first { $0.key == "backend" }?.value == "alpha")
            #expect(log.attributes.first { $0.key == "reason" }?.value == "http_5xx")
            let line = try #require(record.lines.last)
            #expect(line.fields.first { $0.key == "trace_id" }?.value == cause.context.traceID.description)
            #expect(.string(line.message) == log.body)
        }
        await peer.stop()
    }

    @Test func `a cycle that another one ends has a trace of its own`() async throws {
        let gate = try Gate()
        let peer = try MCPPeer { request in
            guard request.sessionID == "first" else { return [.respond(status: 500)] }
            gate.pass()
            return [.respond(status: 302)]
        }
        // The second session's ping fails, and its tool has to wait for a token. Meanwhile the first one's answer
        // arrives and disables the backend, which ends both cycles.
        let backend = BackendConfiguration.test("alpha", peer.url, tool: "peek") { policy in
            policy.method = .ping(hasFallback: true)
            policy.failureThreshold = 1
            policy.maxRequestsPerSecond = 1
        }
        try await TestAgent.run(backend) { agent in
            _ = await agent.reactor.attach(.test("first"), to: 0)
            await agent.advance(by: TestAgent.interval)
            await peer.waitForRequests(1)
            _ = await agent.reactor.attach(.test("second"), to: 0)
            await agent.advance(by: TestAgent.interval)
            try await agent.telemetry.wait { $0.calls.count == 1 }
            gate.open()
            let record = try await agent.telemetry.waitForCycles(2)
            #expect(peer.methods == ["ping", "ping"])
            #expect(Set(record.cycles.map(\.status)) == [.error("redirect"), .error("http_5xx")])
            #expect(Set(record.cycles.map(\.context.traceID)).count == 2)
            for call in record.calls {
                let root = try #require(record.cycles.first { $0.context.spanID == call.parent })
                #expect(root.context.traceID == call.context.traceID)
                #expect(root.status == call.status)
            }
        }
        await peer.stop()
    }
}
