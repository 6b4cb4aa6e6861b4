// SPDX-License-Identifier: Apache-2.0

import JSONText
import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import Testing

/// How the agent opens sessions of its own, byte by byte as far as servers care.
@Suite(.timeLimit(.minutes(1)))
struct ReactorSessionTests {
    @Test func `an owned session is opened with the exact headers`() async throws {
        let peer = try MCPPeer()
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 1)) { agent in
            try await agent.telemetry.wait(for: .sessionOpened)
            try await agent.keepalive()
        }
        #expect(peer.methods == ["initialize", "notifications/initialized", "ping", "DELETE"])
        for request in peer.requests {
            #expect(request.http.target == "/mcp")
            #expect(request.http.header("User-Agent") == "mcp-keepalive/0.1.0")
            #expect(request.http.header("Accept-Encoding") == nil)
            let isFirst = request.method == "initialize"
            #expect(request.sessionID == (isFirst ? nil : "session-1"))
            #expect(request.protocolVersion == (isFirst ? nil : "2025-11-25"))
        }
        for request in peer.requests where request.http.method == "POST" {
            #expect(request.http.header("Content-Type") == "application/json")
            #expect(request.http.header("Accept") == "application/json, text/event-stream")
        }
        let initialize = try #require(peer.requests.first)
        #expect(initialize.parameters?["protocolVersion"]?.string == "2025-11-25")
        #expect(initialize.parameters?["clientInfo"]?["name"]?.string == "mcp-keepalive")
        #expect(initialize.parameters?["capabilities"]?.object?.members.isEmpty == true)
        await peer.stop()
    }

    @Test func `every request has an id of its own, and notifications have none`() async throws {
        let peer = try MCPPeer()
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 2)) { agent in
            try await agent.telemetry.wait(for: .sessionOpened, count: 2)
            try await agent.keepalive(2)
            try await agent.keepalive(2)
        }
        let ids = peer.requests.filter { ["initialize", "ping"].contains($0.method) }.map(\.id)
        #expect(ids.count == 6)
        #expect(Set(ids).count == 6)
        #expect(ids.allSatisfy { $0.hasPrefix("ka-") })
        #expect(peer.requests(of: "notifications/initialized").allSatisfy { $0.id.isEmpty })
        await peer.stop()
    }

    /// What may come before the answer in a stream: a priming event, comments, notifications, requests of the server,
    /// answers to somebody else.
    private static let noise =
        "id: 1\nretry: 1000\ndata: \n\n: hello\n\n"
        + "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}\n\n"
        + "data: {\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"ping\"}\n\n"
        + "data: {\"jsonrpc\":\"2.0\",\"id\":\"9\",\"result\":{}}\n\n"
        + "event: other\ndata: {}\n\n"

    @Test func `answers as event streams are read up to ours`() async throws {
        let peer = try MCPPeer { request in
            let type = (name: "Content-Type", value: "text/event-stream")
            let session = (name: "Mcp-Session-Id", value: "streamed")
            switch request.method {
            case "initialize":
                let result = request.result(#"{"protocolVersion":"2025-06-18","capabilities":{}}"#)
                let body = Self.noise + "event: message\ndata: \(result)\n\n"
                return [.respond(headers: [type, session], body: Array(body.utf8))]
            // The stream stays open after the answer.
            case "ping":
                return [.respondHead(headers: [type]), .text(Self.noise + "data: \(request.result())\n\n"), .hang]
            default: return nil
            }
        }
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 1)) { agent in
            try await agent.telemetry.wait(for: .sessionOpened)
            try await agent.keepalive()
            #expect(await agent.collect().value("keepalive_success_count") == 1)
        }
        let ping = try #require(peer.requests(of: "ping").first)
        #expect(ping.sessionID == "streamed")
        #expect(ping.protocolVersion == "2025-06-18")
        await peer.stop()
    }

    @Test func `a session that is not confirmed is closed and opened anew`() async throws {
        let peer = try MCPPeer { request in
            request.method == "notifications/initialized" && request.sessionID == "session-1"
                ? [.respond(status: 500)] : nil
        }
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 1)) { agent in
            try await agent.telemetry.wait(for: .sessionOpeningFailed)
            #expect(peer.requests(of: "DELETE").map(\.sessionID) == ["session-1"])
            await agent.advance(by: .seconds(2))
            try await agent.telemetry.wait(for: .sessionOpened)
        }
        #expect(peer.requests(of: "DELETE").map(\.sessionID) == ["session-1", "session-2"])
        await peer.stop()
    }

    @Test(arguments: ["no id", "an id with a blank"])
    func `a backend without usable session ids is not applicable`(_ kind: String) async throws {
        let session = kind == "no id" ? nil : "a b"
        let peer = try MCPPeer { request in
            request.method == "initialize" ? [MCPPeer.initialized(request, session: session)] : nil
        }
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 2)) { agent in
            try await agent.telemetry.wait(for: .backendNotApplicable)
            await peer.waitForRequests(2)
            await agent.advance(by: .seconds(3600))
            let status = await agent.reactor.status(of: 0)
            #expect(status.notApplicable == .stateless)
            #expect(status.breaker == .closed)
        }
        #expect(peer.methods == ["initialize", "initialize"])
        await peer.stop()
    }

    @Test func `a backend that is said to be stateful is kept alive without an id`() async throws {
        let peer = try MCPPeer { request in
            request.method == "initialize" ? [MCPPeer.initialized(request, session: nil)] : nil
        }
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 1) { $0.stateful = .stateful }) { agent in
            try await agent.telemetry.wait(for: .sessionOpened)
            try await agent.keepalive()
        }
        #expect(peer.methods == ["initialize", "notifications/initialized", "ping"])
        #expect(peer.requests.allSatisfy { $0.sessionID == nil })
        await peer.stop()
    }

    @Test(arguments: ["by its version", "by -32601", "by -32022"])
    func `a backend of MCP 2026-07-28 is not applicable`(_ way: String) async throws {
        let peer = try MCPPeer { request in
            switch way {
            case _ where request.method != "initialize": nil
            case "by its version": [MCPPeer.initialized(request, session: nil, version: "2026-07-28")]
            case "by -32601": [.respond(status: 404, json: request.error(-32601, "Method not found"))]
            default: [.respond(status: 400, json: request.error(-32022, "Unsupported protocol version"))]
            }
        }
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 1)) { agent in
            try await agent.telemetry.wait(for: .backendNotApplicable)
            let status = await agent.reactor.status(of: 0)
            #expect(status.notApplicable == .modern)
            #expect(status.sessions.notApplicable == 1)
            let failures = await agent.collect().value("keepalive_failure_count")
            #expect(failures == 0)
        }
        #expect(peer.methods == ["initialize"])
        await peer.stop()
    }

    @Test func `an idle TTL that is advertised shortens the interval`() async throws {
        let peer = try MCPPeer { request in
            guard request.method == "ping" else { return nil }
            let headers = [("Content-Type", "application/json"), ("Mcp-Session-Idle-Ttl", "30")]
            return [.respond(headers: headers.map { ($0.0, $0.1) }, body: Array(request.result().utf8))]
        }
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 1)) { agent in
            try await agent.telemetry.wait(for: .sessionOpened)
            try await agent.keepalive()
            try await agent.telemetry.wait(for: .backendTTLAdvertised)
            #expect(await agent.reactor.status(of: 0).interval == .seconds(10))
            try await agent.keepalive(after: .seconds(10))
        }
        await peer.stop()
    }
}
