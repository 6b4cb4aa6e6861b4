// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ControlAPI
import KeepaliveEngine
import KeepaliveTesting
import LogText
import Testing

@testable import KeepaliveAgent

/// What survives a restart, and what the registry does about a disk that fails.
@Suite(.timeLimit(.minutes(1))) struct RegistryStateTests {
    private func registry(of agent: TestAgent, _ storage: RecordingStorage?) -> SessionRegistry {
        SessionRegistry(
            reactor: agent.reactor,
            feed: agent.feed,
            storage: storage,
            maxSessions: 100,
            log: agent.telemetry,
            clock: agent.clock.agentClock
        )
    }

    private func registration(_ id: String) -> SessionRegistration {
        var registration = SessionRegistration(sessionID: id)
        registration.headers = ["X-Key": "template-of-\(id)"]
        registration.leaseSeconds = 600
        return registration
    }

    @Test func `what one agent kept the next one goes on with`() async throws {
        let peer = try MCPPeer()
        let storage = RecordingStorage()
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let registry = registry(of: agent, storage)
            let answer = try await registry.register(registration("one"), backend: "alpha", key: "a")
            #expect(answer.grant.durable)
            _ = try await registry.register(registration("two"), backend: "alpha", key: "b")
            #expect(try await registry.release(backend: "alpha", key: "b"))
            try await agent.keepalive()
            await registry.stop()
        }
        let kept = storage.kept.record
        #expect(kept.isClosed && kept.sessions.count == 1)
        var state = StoredState(sessions: Array(kept.sessions.values), backends: kept.backends)
        #expect(kept.successes.count == 1)
        state.sessions[0].lastActivity = kept.successes[0].lastActivity
        state.sessions[0].lastSuccess = kept.successes[0].lastSuccess
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let registry = registry(of: agent, storage)
            await registry.restore(state)
            #expect(await registry.count == 1)
            // It was called one interval after the start; this agent's clock starts at the same time again.
            try await agent.keepalive(after: TestAgent.interval * 2)
            let renewed = try await registry.renew(SessionRenewal(), backend: "alpha", key: "a")
            #expect(renewed.durable)
            let inUse = await #expect(throws: ControlProblem.self) {
                try await registry.register(registration("one"), backend: "alpha", key: "z")
            }
            #expect(inUse?.code == .sessionInUse)
        }
        #expect(peer.requests.map(\.sessionID) == ["one", "one"])
        #expect(peer.requests.map { $0.http.header("x-key") } == ["template-of-one", "template-of-one"])
        await peer.stop()
    }

    @Test func `a lease that ended meanwhile is released and told, and unknown backends are cleared away`() async throws
    {
        let peer = try MCPPeer()
        let storage = RecordingStorage()
        let now = Int64(ManualClock.unixStart / 1_000_000)
        func stored(_ key: String, _ backend: String, lease: Int64) -> StoredSession {
            StoredSession(
                backend: backend,
                key: key,
                sessionID: Array("id-\(key)".utf8),
                registeredAt: now - 1_000_000,
                leaseMilliseconds: 60_000,
                leaseExpiresAt: now + lease,
                // Overdue, all of them.
                lastActivity: now - 600_000
            )
        }
        let sessions = [
            stored("good", "alpha", lease: 30_000), stored("late", "alpha", lease: -1),
            stored("gone", "beta", lease: 30_000),
        ]
        for session in sessions { _ = await storage.put(session) }
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let registry = registry(of: agent, storage)
            await registry.restore(StoredState(sessions: sessions))
            #expect(await registry.count == 1)
            #expect(storage.kept.record.sessions.keys.sorted() == ["alpha/good"])
            #expect(await agent.collect().value("keepalive_sessions_released_total", ["reason": "lease_expired"]) == 1)
            #expect(agent.telemetry.record.lines.contains { $0.message.contains("1 registered session of backends") })
            try await agent.run { $0.cycles.count == 1 }
            #expect(peer.requests.map(\.sessionID) == ["id-good"], "nobody wants the others called")
            await agent.advance(by: .seconds(31))
            await registry.sweep()
            #expect(await registry.count == 0)
            let events = agent.feed.subscribe(to: [.released], after: "1-0")
            for await event in events.events {
                #expect(event.key == "late" && event.reason == "lease_expired")
                break
            }
        }
        await peer.stop()
    }

    @Test func `a disabled backend stays disabled`() async throws {
        let peer = try MCPPeer { _ in [.respond(status: 500, json: "{}")] }
        let storage = RecordingStorage()
        try await TestAgent.run(.test("alpha", peer.url) { $0.failureThreshold = 1 }, .test("beta", peer.url)) {
            agent in
            let registry = registry(of: agent, storage)
            _ = try await registry.register(registration("one"), backend: "alpha", key: "a")
            try await agent.keepalive()
            await agent.reactor.disable(1, for: .seconds(900))
            await registry.save()
        }
        let calls = peer.requests.count
        try await TestAgent.run(.test("alpha", peer.url), .test("beta", peer.url)) { agent in
            let registry = registry(of: agent, nil)
            await registry.restore(
                StoredState(
                    sessions: Array(storage.kept.record.sessions.values),
                    backends: storage.kept.record.backends
                )
            )
            let alpha = await agent.reactor.status(of: 0)
            #expect(alpha.breaker == .open && alpha.disabledReason == .http5xx)
            #expect(await agent.reactor.status(of: 1).hold?.until != nil)
            await agent.advance(by: .seconds(900))
            #expect(peer.requests.count == calls)
        }
        await peer.stop()
    }

    @Test func `of another server or another call nothing is known, but that somebody disabled it`() async throws {
        let peer = try MCPPeer { _ in [.respond(status: 500, json: "{}")] }
        let other = try MCPPeer()
        let storage = RecordingStorage()
        try await TestAgent.run(.test("alpha", peer.url) { $0.failureThreshold = 1 }) { agent in
            let registry = registry(of: agent, storage)
            _ = try await registry.register(registration("one"), backend: "alpha", key: "a")
            try await agent.keepalive()
            await registry.save()
        }
        let kept = storage.kept.record
        #expect(kept.backends.first?.disabledReason == "http_5xx")
        let state = StoredState(sessions: Array(kept.sessions.values), backends: kept.backends)
        try await TestAgent.run(.test("alpha", other.url)) { agent in
            let registry = registry(of: agent, nil)
            await registry.restore(state)
            #expect(await agent.reactor.status(of: 0).breaker == .closed)
        }
        var held = state
        held.backends[0].isHeldByOperator = true
        held.backends[0].heldSince = Int64(ManualClock.unixStart / 1_000_000) - 60_000
        try await TestAgent.run(.test("alpha", other.url)) { [held] agent in
            let registry = registry(of: agent, nil)
            await registry.restore(held)
            let status = await agent.reactor.status(of: 0)
            #expect(status.breaker == .closed)
            #expect(status.hold.map { agent.clock.now - $0.since } == .seconds(60))
        }
        await peer.stop()
        await other.stop()
    }

    @Test func `a secret that cannot be read takes no other header with it`() async throws {
        let peer = try MCPPeer()
        let now = Int64(ManualClock.unixStart / 1_000_000)
        let stored = StoredSession(
            backend: "alpha",
            key: "a",
            sessionID: Array("one".utf8),
            headers: [
                StoredHeader(name: "X-Tenant", template: "acme"),
                StoredHeader(name: "X-Key", template: "${file:/nowhere}"),
            ],
            registeredAt: now,
            leaseMilliseconds: 600_000,
            leaseExpiresAt: now + 600_000,
            lastActivity: now
        )
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let registry = registry(of: agent, nil)
            await registry.restore(StoredState(sessions: [stored]))
            try await agent.keepalive()
        }
        #expect(peer.requests.first?.http.header("X-Tenant") == "acme")
        await peer.stop()
    }

    @Test func `a session goes to the backend of its name`() async throws {
        let (one, two) = (try MCPPeer(), try MCPPeer())
        try await TestAgent.run(.test("alpha", one.url), .test("beta", two.url)) { agent in
            let registry = registry(of: agent, nil)
            _ = try await registry.register(registration("one"), backend: "beta", key: "a")
            try await agent.keepalive()
        }
        #expect(one.requests.isEmpty && two.requests.map(\.sessionID) == ["one"])
        await one.stop()
        await two.stop()
    }

    @Test func `a disk that fails is told in the answer, and gets everything when it works again`() async throws {
        let peer = try MCPPeer()
        let storage = RecordingStorage()
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let registry = registry(of: agent, storage)
            #expect(try await registry.register(registration("one"), backend: "alpha", key: "a").grant.durable)
            storage.kept.change { $0.problem = "the disk is full" }
            #expect(try await registry.register(registration("two"), backend: "alpha", key: "b").grant.durable == false)
            #expect(try await registry.release(backend: "alpha", key: "a") == false)
            #expect(storage.kept.record.sessions.keys.sorted() == ["alpha/a"], "the disk is behind")
            try await agent.keepalive()
            await registry.save()
            #expect(agent.telemetry.record.lines.count { $0.message.contains("the disk is full") } == 1)
            #expect(storage.kept.record.recoveries == 1)
            #expect(storage.kept.record.sessions.keys.sorted() == ["alpha/b"])
            #expect(storage.kept.record.sessions["alpha/b"]?.sessionID == Array("two".utf8))
            #expect(try await registry.register(registration("three"), backend: "alpha", key: "c").grant.durable)
        }
        await peer.stop()
    }

    @Test func `a damaged file is told once, whoever found it`() async throws {
        let peer = try MCPPeer()
        let storage = RecordingStorage()
        storage.kept.change { $0.lastDamage = 1 }
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let registry = registry(of: agent, storage)
            func told() -> Int { agent.telemetry.record.lines.count { $0.message.contains("set aside") } }
            await registry.save()
            #expect(told() == 0, "what was found at the start was told then")
            storage.kept.change { $0.lastDamage = 2 }
            for _ in 0..<2 { await registry.save() }
            #expect(told() == 1)
        }
        await peer.stop()
    }

    @Test func `a renewal keeps what is known of the session, and a replacement begins anew`() async throws {
        let peer = try MCPPeer()
        let storage = RecordingStorage()
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let registry = registry(of: agent, storage)
            _ = try await registry.register(registration("one"), backend: "alpha", key: "a")
            try await agent.keepalive()
            await registry.save()
            _ = try await registry.renew(SessionRenewal(), backend: "alpha", key: "a")
            #expect(storage.kept.record.sessions["alpha/a"]?.lastSuccess != nil)
            _ = try await registry.register(registration("one"), backend: "alpha", key: "a")
            #expect(storage.kept.record.sessions["alpha/a"]?.lastSuccess != nil)
            _ = try await registry.register(registration("two"), backend: "alpha", key: "a")
            #expect(storage.kept.record.sessions["alpha/a"]?.lastSuccess == nil)
        }
        await peer.stop()
    }

    @Test func `a registration that a recovery of the disk did not know of is written once more`() async throws {
        let peer = try MCPPeer()
        let storage = RecordingStorage()
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let registry = registry(of: agent, storage)
            storage.kept.change { $0.refusals = 1 }
            let answer = try await registry.register(registration("one"), backend: "alpha", key: "a")
            #expect(answer.grant.durable && storage.kept.record.sessions.count == 1)
        }
        await peer.stop()
    }

    @Test func `a suspension outlasts a restart, and ends at its time`() async throws {
        let peer = try MCPPeer()
        let storage = RecordingStorage()
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let registry = registry(of: agent, storage)
            for key in ["a", "b", "c"] {
                _ = try await registry.register(registration(key), backend: "alpha", key: key)
            }
            let grant = try await registry.suspend(SessionSuspension(seconds: 100), backend: "alpha", key: "a")
            #expect(grant.durable)
            _ = try await registry.renew(SessionRenewal(), backend: "alpha", key: "a")
            // One that its owner registered again, and one whose end the wall clock has put out of reach.
            _ = try await registry.suspend(SessionSuspension(seconds: 100), backend: "alpha", key: "b")
            _ = try await registry.register(registration("b"), backend: "alpha", key: "b")
        }
        let now = Int64(ManualClock.unixStart / 1_000_000)
        #expect(storage.kept.record.sessions["alpha/a"]?.suspendedUntil == now + 100_000)
        #expect(storage.kept.record.sessions["alpha/b"]?.suspendedUntil == nil)
        var sessions = Array(storage.kept.record.sessions.values)
        for index in sessions.indices {
            // Overdue, which must not have them called either.
            sessions[index].lastActivity = now - 600_000
            if sessions[index].key == "c" { sessions[index].suspendedUntil = now + 10_000_000 }
        }
        try await TestAgent.run(.test("alpha", peer.url)) { [sessions] agent in
            let registry = registry(of: agent, nil)
            let start = agent.clock.now
            await registry.restore(StoredState(sessions: sessions))
            try await agent.run { $0.cycles.count == 1 }
            #expect(peer.requests.map(\.sessionID) == ["b"])
            await agent.advance(by: .seconds(99) - (agent.clock.now - start))
            await registry.sweep()
            #expect(!peer.requests.contains { $0.sessionID != "b" })
            await agent.advance(by: .seconds(1))
            await registry.sweep()
            try await agent.run { _ in peer.requests.contains { $0.sessionID == "a" } }
            #expect(!peer.requests.contains { $0.sessionID == "c" })
            await agent.advance(by: .seconds(201))
            await registry.sweep()
            try await agent.run { _ in peer.requests.contains { $0.sessionID == "c" } }
        }
        await peer.stop()
    }

    @Test func `a suspension that ended meanwhile is over`() async throws {
        let peer = try MCPPeer()
        let now = Int64(ManualClock.unixStart / 1_000_000)
        let stored = StoredSession(
            backend: "alpha",
            key: "a",
            sessionID: Array("one".utf8),
            registeredAt: now,
            leaseMilliseconds: 600_000,
            leaseExpiresAt: now + 600_000,
            suspendedUntil: now - 1,
            lastActivity: now
        )
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let registry = registry(of: agent, nil)
            await registry.restore(StoredState(sessions: [stored]))
            try await agent.keepalive()
        }
        #expect(peer.requests.map(\.sessionID) == ["one"])
        await peer.stop()
    }

    @Test func `what did not change is not written again`() async throws {
        let peer = try MCPPeer()
        let storage = RecordingStorage()
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let registry = registry(of: agent, storage)
            _ = try await registry.register(registration("one"), backend: "alpha", key: "a")
            await registry.save()
            #expect(storage.kept.record.successes.isEmpty)
            try await agent.keepalive()
            for _ in 0..<3 { await registry.save() }
            #expect(storage.kept.record.successes.count == 1)
        }
        await peer.stop()
    }
}
