// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import LogText
import Testing

/// Somebody else's session is only ever POSTed to.
@Suite(.timeLimit(.minutes(1)))
struct AttachedSessionTests {
    @Test(arguments: [nil, "2025-06-18"] as [String?])
    func `nothing but keepalives is sent`(_ version: String?) async throws {
        let peer = try MCPPeer()
        try await TestAgent.run(.test("alpha", peer.url, tool: "peek") { $0.method = .ping(hasFallback: true) }) {
            agent in
            _ = await agent.reactor.attach(.test("canary", version: version), to: 0)
            for _ in 0..<3 { try await agent.keepalive() }
        }
        #expect(peer.methods == ["ping", "ping", "ping"])
        for request in peer.requests {
            #expect(request.http.method == "POST")
            #expect(request.sessionID == "canary")
            #expect(request.protocolVersion == version)
        }
        await peer.stop()
    }

    @Test func `a loss is reported once and nothing more is sent`() async throws {
        let peer = try MCPPeer { request in [.respond(status: 404, json: request.error(-32600, "Session not found"))] }
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let handle = await agent.reactor.attach(.test("canary"), to: 0)
            try await agent.keepalive()
            #expect(agent.telemetry.record.count(of: .sessionLost) == 1)
            await agent.reactor.noteActivity(on: handle)
            await agent.reactor.release(handle)
            for _ in 0..<5 { await agent.advance(by: .seconds(600)) }
            #expect(await agent.reactor.sessions(of: 0).isEmpty)
            #expect(await agent.collect().value("keepalive_sessions_lost_total", ["reason": "expired"]) == 1)
            #expect(agent.telemetry.record.count(of: .sessionReleased) == 0)
        }
        #expect(peer.methods == ["ping"])
        await peer.stop()
    }

    @Test func `very many sessions at once are told of in few lines`() async throws {
        let peer = try MCPPeer()
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let handles = await agent.reactor.attach((0..<120).map { (.test("canary-\($0)"), 0) })
            #expect(agent.telemetry.record.count(of: .sessionOpened) == 50)
            await agent.advance(by: .seconds(10))
            try await agent.telemetry.wait(for: .eventsSuppressed)
            let summary = agent.telemetry.record.lines.last
            #expect(summary?.message == "alpha: keepalive.session.opened happened 70 more times within 10s")
            await agent.reactor.release(handles)
            #expect(agent.telemetry.record.count(of: .sessionReleased) == 50)
        }
        await peer.stop()
    }

    @Test func `a bare 404 is asked about once more before it is believed`() async throws {
        let peer = try MCPPeer { _ in [.respond(404, "text/plain", "404 page not found")] }
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            _ = await agent.reactor.attach(.test("canary"), to: 0)
            try await agent.keepalive()
            #expect(await agent.reactor.status(of: 0).sessions.active == 1)
            #expect(agent.telemetry.record.count(of: .sessionLost) == 0)
            try await agent.keepalive(after: .seconds(5))
            #expect(agent.telemetry.record.count(of: .sessionLost) == 1)
            #expect(await agent.reactor.status(of: 0).sessions.total == 0)
            #expect(await agent.collect().value("keepalive_failure_count", ["reason": "session_expired"]) == 2)
        }
        #expect(peer.methods == ["ping", "ping"])
        await peer.stop()
    }

    @Test func `a release stops the keepalive, also one in flight, and tells the backend nothing`() async throws {
        let peer = try MCPPeer { _ in [.hang] }
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let handle = await agent.reactor.attach(.test("canary"), to: 0)
            await agent.advance(by: TestAgent.interval)
            await peer.waitForRequests(1)
            await agent.reactor.release(handle)
            try await agent.telemetry.wait(for: .sessionReleased)
            await peer.waitForDisconnections(1)
            for _ in 0..<3 { await agent.advance(by: .seconds(600)) }
            #expect(await agent.reactor.sessions(of: 0).isEmpty)
        }
        #expect(peer.methods == ["ping"])
        await peer.stop()
    }

    @Test func `the owner's own traffic spares a keepalive`() async throws {
        let peer = try MCPPeer()
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let handle = await agent.reactor.attach(.test("canary"), to: 0)
            try await agent.keepalive()
            await agent.advance(by: .seconds(40))
            await agent.reactor.noteActivity(on: handle)
            await agent.advance(by: .seconds(20))
            await agent.advance(by: .seconds(39))
            #expect(peer.requestCount == 1)
            #expect(await agent.collect().value("keepalive_skipped_total", ["reason": "recent_activity"]) == 1)
            try await agent.keepalive(after: .seconds(1))
        }
        #expect(peer.requestCount == 2)
        await peer.stop()
    }

    @Test func `an entry that changed is called with the new version and headers`() async throws {
        let peer = try MCPPeer()
        let (one, two) = (try HeaderConfiguration.test("X-User", "one"), try HeaderConfiguration.test("X-User", "two"))
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let handle = await agent.reactor.attach(.test("canary", headers: [one]), to: 0)
            try await agent.keepalive()
            await agent.reactor.update(handle, to: .test("canary", version: "2025-03-26", headers: [two]))
            try await agent.keepalive()
        }
        #expect(peer.requests.map { $0.http.header("X-User") } == ["one", "two"])
        #expect(peer.requests.map(\.protocolVersion) == [nil, "2025-03-26"])
        await peer.stop()
    }
}
