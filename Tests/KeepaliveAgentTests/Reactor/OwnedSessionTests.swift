// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import Telemetry
import Testing

/// What becomes of owned sessions that are lost, and of all of them when the agent stops.
@Suite(.timeLimit(.minutes(1)))
struct OwnedSessionTests {
    @Test func `a lost session is opened again after the backoff, and its id is never sent again`() async throws {
        let peer = try MCPPeer { request in
            request.sessionID == "session-1" && request.method == "ping"
                ? [.respond(status: 404, json: request.error(-32600, "Session not found"))] : nil
        }
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 1)) { agent in
            try await agent.telemetry.wait(for: .sessionOpened)
            try await agent.keepalive()
            #expect(agent.telemetry.record.count(of: .sessionLost) == 1)
            #expect(peer.requests(of: "initialize").count == 1)
            await agent.advance(by: .seconds(2))
            try await agent.telemetry.wait(for: .sessionOpened, count: 2)
            try await agent.keepalive()
        }
        let ids = peer.requests.map(\.sessionID)
        #expect(ids == [nil, "session-1", "session-1", nil, "session-2", "session-2", "session-2"])
        #expect(peer.methods.last == "DELETE")
        await peer.stop()
    }

    @Test func `the backoff grows while opening fails, and it is told once`() async throws {
        let peer = try MCPPeer { request in request.method == "initialize" ? [.respond(status: 500)] : nil }
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 1)) { agent in
            try await agent.telemetry.wait(for: .sessionOpeningFailed)
            for tries in 2...6 {
                // Each delay is at most twice the one before, and the first one 1 s.
                await agent.advance(by: .seconds(1 << (tries - 2)))
                await peer.waitForRequests(tries)
                try await agent.waitUntilIdle()
            }
            await agent.advance(by: .milliseconds(900))
            #expect(peer.requestCount == 6)
            #expect(agent.telemetry.record.count(of: .sessionOpeningFailed) == 1)
        }
        await peer.stop()
    }

    @Test func `with reinitialize off a lost session is gone`() async throws {
        let peer = try MCPPeer { request in
            request.method == "ping" ? [.respond(404, "text/plain", "session not found")] : nil
        }
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 1) { $0.reinitialize = false }) { agent in
            try await agent.telemetry.wait(for: .sessionOpened)
            try await agent.keepalive()
            for _ in 0..<5 { await agent.advance(by: .seconds(60)) }
            #expect(await agent.reactor.status(of: 0).sessions.total == 0)
        }
        #expect(peer.methods == ["initialize", "notifications/initialized", "ping"])
        await peer.stop()
    }

    @Test(arguments: [200, 204, 404, 405, 500])
    func `shutdown DELETEs every owned session, whatever the answer`(_ status: Int) async throws {
        let peer = try MCPPeer { request in request.method == "DELETE" ? [.respond(status: status)] : nil }
        let count = 40
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: count)) { agent in
            try await agent.telemetry.wait(for: .sessionOpened, count: count)
            _ = await agent.reactor.attach(.test("canary"), to: 0)
        }
        let deleted = peer.requests(of: "DELETE").compactMap(\.sessionID)
        #expect(deleted.count == count)
        #expect(Set(deleted) == Set((1...count).map { "session-\($0)" }))
        await peer.stop()
    }

    @Test func `shutdown DELETEs every owned session however few requests may be in flight`() async throws {
        let peer = try MCPPeer()
        let count = 20
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: count) { $0.maxRequestsInFlight = 1 }) { agent in
            try await agent.telemetry.wait(for: .sessionOpened, count: count)
        }
        #expect(peer.requests(of: "DELETE").count == count)
        await peer.stop()
    }

    @Test func `shutdown keeps its limit against a server that hangs, and serves the others`() async throws {
        let hanging = try MCPPeer { request in request.method == "DELETE" ? [.hang] : nil }
        let healthy = try MCPPeer()
        let agent = try TestAgent.make(
            [.test("alpha", hanging.url, ownSessions: 3), .test("beta", healthy.url, ownSessions: 3)]
        )
        await agent.reactor.start()
        try await agent.telemetry.wait(for: .sessionOpened, count: 6)
        let start = ContinuousClock.now
        await agent.reactor.shutdown(within: .milliseconds(500))
        let duration = ContinuousClock.now - start
        #expect(duration >= .milliseconds(400))
        #expect(duration < .seconds(5))
        #expect(healthy.requests(of: "DELETE").count == 3)
        #expect(hanging.requests(of: "DELETE").count == 3)
        await hanging.stop()
        await healthy.stop()
    }

    @Test func `a session that is being opened when the agent stops is DELETEd as well`() async throws {
        let gate = try Gate()
        let peer = try MCPPeer { request in
            guard request.method == "notifications/initialized" else { return nil }
            gate.pass()
            return [.respond(status: 202)]
        }
        let agent = try TestAgent.make([.test("alpha", peer.url, ownSessions: 1)])
        await agent.reactor.start()
        await peer.waitForRequests(2)
        #expect(await agent.collect().value("keepalive_heartbeat_timestamp_seconds") != 0)
        let stop = Task { await agent.reactor.shutdown(within: .seconds(30)) }
        // The heartbeat stops before anything is waited for.
        while await agent.collect().value("keepalive_heartbeat_timestamp_seconds") != 0 { await Task.yield() }
        gate.open()
        await stop.value
        #expect(peer.methods == ["initialize", "notifications/initialized", "DELETE"])
        #expect(peer.requests.last?.sessionID == "session-1")
        await peer.stop()
    }

    @Test func `shutdown aborts keepalives in flight`() async throws {
        let peer = try MCPPeer { request in request.method == "ping" ? [.hang] : nil }
        let agent = try TestAgent.make([.test("alpha", peer.url) { $0.timeout = .seconds(50) }])
        await agent.reactor.start()
        _ = await agent.reactor.attach(.test("canary"), to: 0)
        await agent.advance(by: TestAgent.interval)
        await peer.waitForRequests(1)
        let start = ContinuousClock.now
        await agent.reactor.shutdown(within: .seconds(3))
        #expect(ContinuousClock.now - start < .seconds(2))
        await peer.waitForDisconnections(1)
        #expect(peer.requestCount == 1)
        await peer.stop()
    }
}
