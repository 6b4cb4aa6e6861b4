// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ControlAPI
import Foundation
import KeepaliveEngine
import KeepaliveTesting
import Testing

@testable import KeepaliveAgent

/// Sessions of clients: registered, renewed, replaced, suspended and released.
@Suite(.timeLimit(.minutes(1))) struct SessionRegistryTests {
    private func registry(
        of agent: TestAgent,
        _ storage: RecordingStorage? = nil,
        maxSessions: Int = 100
    ) -> SessionRegistry {
        SessionRegistry(
            reactor: agent.reactor,
            feed: agent.feed,
            storage: storage,
            maxSessions: maxSessions,
            log: agent.telemetry,
            clock: agent.clock.agentClock,
            environment: ["TOKEN": "canary-token"]
        )
    }

    private func registration(_ id: String, change: (inout SessionRegistration) -> Void = { _ in })
        -> SessionRegistration
    {
        var registration = SessionRegistration(sessionID: id)
        registration.leaseSeconds = 86_400
        change(&registration)
        return registration
    }

    /// Runs an agent with one backend at `peer`, and a registry.
    private func run(
        _ peer: MCPPeer,
        storage: RecordingStorage? = nil,
        maxSessions: Int = 100,
        configure: (inout BackendConfiguration) -> Void = { _ in },
        body: (TestAgent, SessionRegistry) async throws -> Void
    ) async throws {
        var configuration = BackendConfiguration.test("alpha", peer.url)
        configure(&configuration)
        try await TestAgent.run(configuration) { agent in
            let registry = registry(of: agent, storage, maxSessions: maxSessions)
            let ended = Task { [ended = agent.ended] in for await handle in ended { await registry.ended(handle) } }
            defer { ended.cancel() }
            try await body(agent, registry)
        }
        await peer.stop()
    }

    @Test func `a registered session is kept alive with its headers and its version`() async throws {
        let peer = try MCPPeer()
        try await run(peer) { agent, registry in
            let answer = try await registry.register(
                registration("canary") {
                    $0.protocolVersion = "2025-06-18"
                    $0.headers = ["Authorization": "Bearer ${env:TOKEN}"]
                },
                backend: "alpha",
                key: "a"
            )
            #expect(answer.isNew && !answer.grant.durable)
            try await agent.keepalive()
        }
        #expect(peer.requests.map(\.sessionID) == ["canary"])
        #expect(peer.requests.first?.protocolVersion == "2025-06-18")
        #expect(peer.requests.first?.http.header("authorization") == "Bearer canary-token")
    }

    @Test func `the same session again is a renewal, with other headers if it has others`() async throws {
        let peer = try MCPPeer()
        try await run(peer) { agent, registry in
            _ = try await registry.register(registration("canary"), backend: "alpha", key: "a")
            let again = try await registry.register(
                registration("canary") {
                    $0.leaseSeconds = 7200
                    $0.headers = ["X-Key": "1"]
                },
                backend: "alpha",
                key: "a"
            )
            #expect(!again.isNew)
            #expect(await registry.count == 1)
            try await agent.keepalive()
            #expect(await agent.reactor.sessions(of: 0).count == 1)
        }
        #expect(peer.requests.map { $0.http.header("x-key") } == ["1"])
    }

    @Test func `after a replacement the old id is never used again, also when a call was in flight`() async throws {
        let peer = try MCPPeer { request in request.sessionID == "old" ? [.hang] : nil }
        try await run(peer) { agent, registry in
            _ = try await registry.register(registration("old"), backend: "alpha", key: "a")
            await agent.advance(by: TestAgent.interval)
            await peer.waitForRequests(1)
            let answer = try await registry.register(registration("new"), backend: "alpha", key: "a")
            #expect(!answer.isNew)
            let before = peer.requests.count
            #expect(await agent.reactor.status(of: 0).inFlight == 0)
            try await agent.keepalive(after: TestAgent.interval)
            #expect(peer.requests.dropFirst(before).map(\.sessionID) == ["new"])
        }
    }

    @Test func `a released session is not called any more, and its name is free`() async throws {
        let peer = try MCPPeer { _ in [.hang] }
        try await run(peer) { agent, registry in
            _ = try await registry.register(registration("canary"), backend: "alpha", key: "a")
            await agent.advance(by: TestAgent.interval)
            await peer.waitForRequests(1)
            #expect(try await registry.release(backend: "alpha", key: "a"))
            #expect(await agent.reactor.status(of: 0).inFlight == 0)
            #expect(await agent.reactor.sessions(of: 0).isEmpty)
            await #expect(throws: ControlProblem.self) { _ = try await registry.release(backend: "alpha", key: "a") }
            for _ in 0..<3 { await agent.advance(by: .seconds(600)) }
            #expect(await registry.count == 0)
            #expect(await agent.collect().value("keepalive_sessions_released_total", ["reason": "deleted"]) == 1)
            #expect(try await registry.register(registration("canary"), backend: "alpha", key: "b").isNew)
        }
        #expect(peer.requests.count == 1)
    }

    @Test func `a suspended session is left alone until it is registered again or the time is over`() async throws {
        let peer = try MCPPeer()
        try await run(peer) { agent, registry in
            _ = try await registry.register(registration("one"), backend: "alpha", key: "a")
            let grant = try await registry.suspend(SessionSuspension(seconds: 300), backend: "alpha", key: "a")
            #expect(grant.suspendedUntil != nil)
            await agent.advance(by: .seconds(299))
            await registry.sweep()
            #expect(peer.requests.isEmpty)
            _ = try await registry.register(registration("two"), backend: "alpha", key: "a")
            try await agent.keepalive()
            _ = try await registry.suspend(SessionSuspension(seconds: 100), backend: "alpha", key: "a")
            await agent.advance(by: .seconds(100))
            await registry.sweep()
            try await agent.keepalive()
            // The same id again ends a suspension as well.
            _ = try await registry.suspend(SessionSuspension(), backend: "alpha", key: "a")
            _ = try await registry.register(registration("two"), backend: "alpha", key: "a")
            try await agent.keepalive()
        }
        #expect(peer.requests.map(\.sessionID) == ["two", "two", "two"])
    }

    @Test func `suspending twice prolongs, and releasing ends it`() async throws {
        let peer = try MCPPeer()
        try await run(peer) { agent, registry in
            _ = try await registry.register(registration("one"), backend: "alpha", key: "a")
            _ = try await registry.suspend(SessionSuspension(seconds: 10), backend: "alpha", key: "a")
            _ = try await registry.suspend(SessionSuspension(seconds: 300), backend: "alpha", key: "a")
            await agent.advance(by: .seconds(200))
            await registry.sweep()
            #expect(peer.requests.isEmpty)
            _ = try await registry.release(backend: "alpha", key: "a")
            #expect(await agent.reactor.sessions(of: 0).isEmpty)
        }
    }

    @Test func `traffic of the owner postpones the keepalive`() async throws {
        let peer = try MCPPeer()
        try await run(peer) { agent, registry in
            _ = try await registry.register(registration("one"), backend: "alpha", key: "a")
            try await agent.keepalive()
            for _ in 0..<5 {
                await agent.advance(by: .seconds(30))
                let now = Date(timeIntervalSince1970: Double(agent.clock.agentClock.unixNanoseconds()) / 1e9)
                _ = try await registry.renew(SessionRenewal(lastActivity: now), backend: "alpha", key: "a")
            }
            #expect(peer.requests.count == 1)
            try await agent.keepalive()
        }
    }

    @Test func `a lease that ends releases the session, tells, counts, and stays ended`() async throws {
        let peer = try MCPPeer()
        let storage = RecordingStorage()
        try await run(peer, storage: storage) { agent, registry in
            let events = agent.feed.subscribe(to: [.released], after: nil)
            _ = try await registry.register(registration("one") { $0.leaseSeconds = 30 }, backend: "alpha", key: "a")
            await agent.advance(by: .seconds(29))
            _ = try await registry.renew(SessionRenewal(), backend: "alpha", key: "a")
            await agent.advance(by: .seconds(29))
            await registry.sweep()
            #expect(await registry.count == 1)
            await agent.advance(by: .seconds(1))
            // Before anybody swept.
            await #expect(throws: ControlProblem.self) {
                try await registry.renew(SessionRenewal(), backend: "alpha", key: "a")
            }
            #expect(storage.kept.record.sessions.isEmpty)
            #expect(await agent.collect().value("keepalive_sessions_released_total", ["reason": "lease_expired"]) == 1)
            for await event in events.events {
                #expect(event.key == "a" && event.reason == "lease_expired" && event.backend == "alpha")
                break
            }
        }
        #expect(peer.methods.allSatisfy { $0 == "ping" }, "nothing is DELETEd")
    }

    @Test func `lifetimes and idle times of the backend end a session`() async throws {
        let peer = try MCPPeer()
        try await run(
            peer,
            configure: {
                $0.maxIdle = .seconds(100); $0.maxLifetime = .seconds(250)
            }
        ) { agent, registry in
            _ = try await registry.register(registration("one"), backend: "alpha", key: "idle")
            _ = try await registry.register(registration("two"), backend: "alpha", key: "used")
            _ = try await registry.register(
                registration("three") { $0.lifetimeSeconds = 50 },
                backend: "alpha",
                key: "short"
            )
            for _ in 0..<9 {
                await agent.advance(by: .seconds(30))
                let now = Date(timeIntervalSince1970: Double(agent.clock.agentClock.unixNanoseconds()) / 1e9)
                _ = try? await registry.renew(SessionRenewal(lastActivity: now), backend: "alpha", key: "used")
                // A PUT of the same id does not begin another life.
                if await registry.count > 0, await registry.handle(of: SessionKey(backend: "alpha", key: "used")) != nil
                {
                    _ = try await registry.register(registration("two"), backend: "alpha", key: "used")
                }
                await registry.sweep()
            }
            let snapshot = await agent.collect()
            #expect(snapshot.value("keepalive_sessions_released_total", ["reason": "idle"]) == 1)
            #expect(snapshot.value("keepalive_sessions_released_total", ["reason": "lifetime_ended"]) == 2)
            #expect(await registry.count == 0)
        }
    }

    @Test func `a lost session is told with its name and forgotten`() async throws {
        let peer = try MCPPeer { request in [.respond(status: 404, json: request.error(-32600, "Session not found"))] }
        let storage = RecordingStorage()
        try await run(peer, storage: storage) { agent, registry in
            let events = agent.feed.subscribe(to: [.lost], after: nil)
            _ = try await registry.register(registration("one"), backend: "alpha", key: "a")
            #expect(storage.kept.record.sessions.count == 1)
            try await agent.keepalive()
            for await event in events.events {
                #expect(event.key == "a" && event.reason == "expired" && (event.idleSeconds ?? 0) > 0)
                break
            }
            try await storage.kept.wait { $0.sessions.isEmpty }
            #expect(await registry.count == 0)
            let again = try await registry.register(registration("new"), backend: "alpha", key: "a")
            #expect(again.isNew)
        }
    }

    @Test func `a session has one name`() async throws {
        let peer = try MCPPeer()
        try await run(peer, maxSessions: 2) { _, registry in
            _ = try await registry.register(registration("one"), backend: "alpha", key: "a")
            let inUse = await #expect(throws: ControlProblem.self) {
                try await registry.register(registration("one"), backend: "alpha", key: "b")
            }
            #expect(inUse?.code == .sessionInUse)
            _ = try await registry.register(registration("two"), backend: "alpha", key: "b")
            let tooMany = await #expect(throws: ControlProblem.self) {
                try await registry.register(registration("three"), backend: "alpha", key: "c")
            }
            #expect(tooMany?.code == .tooManySessions)
            _ = try await registry.register(registration("three"), backend: "alpha", key: "b")
            _ = try await registry.register(registration("two"), backend: "alpha", key: "a")
            #expect(await registry.count == 2)
        }
    }

    @Test func `what cannot be used is refused in words that repeat no secret`() async throws {
        let peer = try MCPPeer()
        try await run(peer) { _, registry in
            for (headers, words) in [
                (["Mcp-Session-Id": "canary-1"], "cannot be set"),
                (["bad name": "canary-1"], "not the name of a header"),
                (["x": "canary\n1"], "line break"), (["x": "${env:NOPE}"], "NOPE"),
                (["x": "${canary}"], "substitution"),
                (["x": "${file:canary/secret}"], "absolute"), (["x": "1", "X": "2"], "twice"),
            ] {
                let problem = await #expect(throws: ControlProblem.self) {
                    try await registry.register(registration("s") { $0.headers = headers }, backend: "alpha", key: "a")
                }
                #expect(problem?.code == .invalidBody)
                #expect(problem?.detail.contains(words) == true, "\(problem?.detail ?? "")")
                #expect(problem?.detail.contains("canary") == false, "\(problem?.detail ?? "")")
            }
            let version = await #expect(throws: ControlProblem.self) {
                try await registry.register(
                    registration("s") { $0.protocolVersion = "a b" },
                    backend: "alpha",
                    key: "a"
                )
            }
            #expect(version?.code == .invalidBody)
            let backend = await #expect(throws: ControlProblem.self) {
                try await registry.register(registration("s"), backend: "beta", key: "a")
            }
            #expect(backend?.code == .noSuchBackend)
            #expect(await registry.count == 0)
        }
    }

    @Test func `many clients that do everything at once leave the books right`() async throws {
        let peer = try MCPPeer()
        let storage = RecordingStorage()
        try await run(peer, storage: storage, maxSessions: 1000) { agent, registry in
            await withTaskGroup(of: Void.self) { group in
                for client in 0..<8 {
                    group.addTask {
                        var random = SplitMix64(seed: UInt64(client))
                        for step in 0..<60 {
                            let key = "key-\(random.next() % 6)"
                            switch random.next() % 5 {
                            case 0, 1:
                                var registration = SessionRegistration(sessionID: "id-\(client)-\(step)")
                                registration.leaseSeconds = 86_400
                                _ = try? await registry.register(registration, backend: "alpha", key: key)
                            case 2: _ = try? await registry.release(backend: "alpha", key: key)
                            case 3: _ = try? await registry.suspend(SessionSuspension(), backend: "alpha", key: key)
                            default: _ = try? await registry.renew(SessionRenewal(), backend: "alpha", key: key)
                            }
                        }
                    }
                }
            }
            let handles = await Set(agent.reactor.sessions(of: 0))
            let entries = await registry.entries
            #expect(Set(entries.values.map(\.handle)) == handles)
            #expect(Set(storage.kept.record.sessions.keys) == Set(entries.keys.map { "alpha/\($0.key)" }))
            for (name, entry) in entries {
                let identifier = await agent.reactor.identifiers(of: [entry.handle])[0]
                #expect(storage.kept.record.sessions["alpha/\(name.key)"]?.sessionID == identifier)
            }
            #expect(await registry.digests.count == entries.count)
            for name in entries.keys { _ = try await registry.release(backend: "alpha", key: name.key) }
            #expect(await agent.reactor.sessions(of: 0).isEmpty)
            #expect(await registry.digests.isEmpty)
        }
    }
}
