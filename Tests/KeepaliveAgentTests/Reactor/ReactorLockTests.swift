// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import Telemetry
import Testing

/// The lock: whoever replaces or closes a session has it alone.
@Suite(.timeLimit(.minutes(1)))
struct ReactorLockTests {
    @Test func `a reinitialize racing keepalives: the old id is never used after it returned`() async throws {
        // Every other ping is never answered: some keepalives end by themselves, others must be given up.
        let peer = try MCPPeer { request in
            request.method == "ping" && request.counter % 2 == 0 ? [.hang] : nil
        }
        let rounds = 60
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 1) { $0.timeout = .seconds(50) }) { agent in
            try await agent.telemetry.wait(for: .sessionOpened)
            let handle = try #require(await agent.reactor.sessions(of: 0).first)
            for round in 1...rounds {
                async let due: Void = agent.advance(by: TestAgent.interval)
                try await agent.reactor.reinitialize(handle)
                await due
                let replaced = Set(peer.requests(of: "DELETE").compactMap(\.sessionID))
                #expect(replaced.contains("session-\(round)"))
                // One that is sent for certain after it returned.
                await agent.advance(by: TestAgent.interval)
            }
        }
        // In the order in which they were sent, the sessions of pings never go back. The order of arrival says little:
        // a request that was given up may still be read by the server later.
        let sessions = peer.requests(of: "ping").sorted { $0.counter < $1.counter }.compactMap(\.sessionNumber)
        #expect(sessions == sessions.sorted())
        #expect(Set(sessions).count > rounds / 2)
        #expect(peer.requests(of: "DELETE").compactMap(\.sessionNumber).sorted() == Array(1...rounds + 1))
        await peer.stop()
    }

    @Test func `a keepalive that hangs is given up at once for a reinitialize`() async throws {
        let peer = try MCPPeer { request in
            request.method == "ping" && request.sessionID == "session-1" ? [.hang] : nil
        }
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 1) { $0.timeout = .seconds(50) }) { agent in
            try await agent.telemetry.wait(for: .sessionOpened)
            let handle = try #require(await agent.reactor.sessions(of: 0).first)
            await agent.advance(by: TestAgent.interval)
            await peer.waitForRequests(3)
            let start = ContinuousClock.now
            try await agent.reactor.reinitialize(handle)
            #expect(ContinuousClock.now - start < .seconds(5))
            await peer.waitForDisconnections(1)
            try await agent.keepalive()
            let snapshot = await agent.collect()
            #expect(snapshot.value("keepalive_attempt_count") == 1)
            #expect(snapshot.value("keepalive_failure_count") == 0)
            #expect(snapshot.histogram("keepalive_lock_wait_seconds")?.count == 1)
        }
        let expected = ["initialize", "notifications/initialized", "ping"]
        #expect(peer.methods == expected + ["initialize", "notifications/initialized", "DELETE", "ping", "DELETE"])
        #expect(peer.requests(of: "ping").map(\.sessionID) == ["session-1", "session-2"])
        #expect(peer.requests(of: "DELETE").map(\.sessionID) == ["session-1", "session-2"])
        await peer.stop()
    }

    @Test func `no keepalive starts while a session is being replaced`() async throws {
        let isReplacing = Recorder(false)
        let gate = try Gate()
        let peer = try MCPPeer { request in
            guard request.method == "initialize", isReplacing.record else { return nil }
            gate.pass()
            return [.respond(status: 500)]
        }
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 1)) { agent in
            try await agent.telemetry.wait(for: .sessionOpened)
            let handle = try #require(await agent.reactor.sessions(of: 0).first)
            isReplacing.change { $0 = true }
            let replacement = Task { try await agent.reactor.reinitialize(handle) }
            await peer.waitForRequests(3)
            await agent.advance(by: TestAgent.interval)
            await agent.advance(by: TestAgent.interval)
            #expect(peer.requests(of: "ping").isEmpty)
            gate.open()
            await #expect(throws: Reactor.ReinitializeError.failed(.http5xx)) { try await replacement.value }
            // The session is what it was, and makes up for what it missed.
            try await agent.keepalive(after: .milliseconds(100))
            #expect(peer.requests(of: "ping").map(\.sessionID) == ["session-1"])
            #expect(await agent.collect().value("keepalive_skipped_total", ["reason": "lock_held"]) == 2)
        }
        #expect(peer.requests(of: "DELETE").map(\.sessionID) == ["session-1"])
        await peer.stop()
    }

    @Test func `close DELETEs an owned session and sends an attached one nothing at all`() async throws {
        let peer = try MCPPeer { request in request.method == "ping" ? [.hang] : nil }
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 1) { $0.timeout = .seconds(50) }) { agent in
            try await agent.telemetry.wait(for: .sessionOpened)
            let owned = try #require(await agent.reactor.sessions(of: 0).first)
            let attached = await agent.reactor.attach(.test("canary"), to: 0)
            await agent.advance(by: TestAgent.interval)
            await peer.waitForRequests(4)
            await agent.reactor.close(owned)
            await agent.reactor.close(attached)
            for _ in 0..<5 { await agent.advance(by: TestAgent.interval) }
            #expect(await agent.reactor.sessions(of: 0).isEmpty)
            await #expect(throws: Reactor.ReinitializeError.noSession) { try await agent.reactor.reinitialize(owned) }
        }
        #expect(peer.requests.filter { $0.sessionID == "canary" }.map(\.method) == ["ping"])
        #expect(peer.requests.filter { $0.sessionID == "session-1" }.map(\.method).suffix(1) == ["DELETE"])
        #expect(peer.requests(of: "DELETE").count == 1)
        await peer.stop()
    }

    @Test func `an attached session is never initialized`() async throws {
        let peer = try MCPPeer()
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let handle = await agent.reactor.attach(.test("canary"), to: 0)
            await #expect(throws: Reactor.ReinitializeError.notOwned) { try await agent.reactor.reinitialize(handle) }
        }
        #expect(peer.requestCount == 0)
        await peer.stop()
    }

    @Test func `many who want one session get it one after the other`() async throws {
        let peer = try MCPPeer()
        let lockers = 20
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 1)) { agent in
            try await agent.telemetry.wait(for: .sessionOpened)
            let handle = try #require(await agent.reactor.sessions(of: 0).first)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<lockers {
                    group.addTask { try await agent.reactor.reinitialize(handle) }
                    group.addTask { await agent.advance(by: TestAgent.interval) }
                }
                try await group.waitForAll()
            }
            await agent.reactor.close(handle)
            #expect(await agent.reactor.sessions(of: 0).isEmpty)
        }
        let opened = peer.requests(of: "initialize").count
        #expect(opened == lockers + 1)
        #expect(peer.requests(of: "DELETE").compactMap(\.sessionNumber).sorted() == Array(1...opened))
        await peer.stop()
    }
}

extension MCPPeerRequest {
    /// The number of the request among all keepalives, in the order in which they were started; -1 for others.
    fileprivate var counter: Int { id.split(separator: "-").last.flatMap { Int($0) } ?? -1 }

    /// The number of the session.
    fileprivate var sessionNumber: Int? { sessionID?.split(separator: "-").last.flatMap { Int($0) } }
}
