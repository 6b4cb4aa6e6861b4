// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import Telemetry
import Testing

/// Backends come, change and go while the reactor runs.
@Suite(.timeLimit(.minutes(1)))
struct ReactorReloadTests {
    private func change(
        added: [BackendConfiguration] = [],
        from before: [BackendConfiguration] = [],
        to after: [BackendConfiguration] = [],
        removed: [BackendConfiguration] = []
    ) -> ConfigurationChange {
        var (old, new) = (Configuration(file: "c.yaml"), Configuration(file: "c.yaml"))
        old.backends = before + removed
        new.backends = after + added
        return ConfigurationChange(from: old, to: new)
    }

    @Test func `a backend that is added opens its sessions and has all its series at once`() async throws {
        let (one, two) = (try MCPPeer(), try MCPPeer())
        try await TestAgent.run(.test("alpha", one.url)) { agent in
            let outcome = try await agent.reactor.apply(change(added: [.test("beta", two.url, ownSessions: 2)]))
            #expect(outcome?.indices == ["alpha": 0, "beta": 1])
            let snapshot = await agent.collect()
            #expect(snapshot.value("keepalive_attempt_count", ["backend": "beta", "method": "ping"]) == 0)
            #expect(snapshot.value("keepalive_auto_disabled_total", ["backend": "beta", "reason": "timeout"]) == 0)
            #expect(snapshot.value("keepalive_interval_seconds", ["backend": "beta"]) == 60)
            try await agent.telemetry.wait(for: .sessionOpened, count: 2)
            try await agent.keepalive(2)
            #expect(two.requests(of: "ping").count == 2 && one.requestCount == 0)
        }
        #expect(two.requests(of: "DELETE").count == 2)
        await one.stop()
        await two.stop()
    }

    @Test func `a backend that is removed has its own sessions closed, attached ones let go, and no series left`()
        async throws
    {
        let (one, two) = (try MCPPeer(), try MCPPeer())
        let (alpha, beta) = (
            BackendConfiguration.test("alpha", one.url, ownSessions: 1),
            BackendConfiguration.test("beta", two.url, ownSessions: 20) { $0.maxRequestsInFlight = 1 }
        )
        try await TestAgent.run(alpha, beta) { agent in
            let attached = await agent.reactor.attach(.test("canary", on: "beta"), to: 1)
            try await agent.telemetry.wait(for: .sessionOpened, count: 22)
            let outcome = try await agent.reactor.apply(change(removed: [beta]))
            #expect(outcome?.released == [attached] && outcome?.untouchedSessions == 1)
            try await agent.telemetry.wait { $0.count(of: .sessionReleased) == 21 }
            await two.waitForRequests(60)
            #expect(Set(two.requests(of: "DELETE").compactMap(\.sessionID)).count == 20)
            #expect(two.requests.allSatisfy { $0.sessionID != "canary" })
            await agent.advance(by: .seconds(1))
            let snapshot = await agent.collect()
            for metric in snapshot.metrics {
                let sets = snapshot.attributeSets(metric.description.name)
                #expect(!sets.contains { $0["backend"] == "beta" }, "\(metric.description.name)")
            }
            #expect(snapshot.value("keepalive_sessions", ["backend": "alpha"]) == 1)
            // Its index is free, and what counted for it is not what counts for another.
            let again = try await agent.reactor.apply(change(added: [.test("gamma", two.url, ownSessions: 1)]))
            #expect(again?.indices == ["alpha": 0, "gamma": 1])
            try await agent.telemetry.wait { $0.count(of: .sessionOpened) == 23 }
            try await agent.keepalive(2)
            let later = await agent.collect()
            #expect(later.value("keepalive_attempt_count", ["backend": "gamma"]) == 1)
        }
        await one.stop()
        await two.stop()
    }

    @Test func `more and fewer own sessions are opened and closed, without a stop of the others`() async throws {
        let peer = try MCPPeer()
        func alpha(_ count: Int) -> BackendConfiguration { .test("alpha", peer.url, ownSessions: count) }
        try await TestAgent.run(alpha(2)) { agent in
            try await agent.telemetry.wait(for: .sessionOpened, count: 2)
            _ = try await agent.reactor.apply(change(from: [alpha(2)], to: [alpha(5)]))
            try await agent.telemetry.wait(for: .sessionOpened, count: 5)
            _ = try await agent.reactor.apply(change(from: [alpha(5)], to: [alpha(1)]))
            try await agent.telemetry.wait(for: .sessionReleased, count: 4)
            #expect(await agent.reactor.status(of: 0).sessions.active == 1)
            #expect(peer.requests(of: "DELETE").count == 4)
            try await agent.keepalive()
        }
        #expect(peer.requests(of: "DELETE").count == 5)
        await peer.stop()
    }

    @Test func `another URL is called with the sessions that there are, and the old one not any more`() async throws {
        let (old, new) = (try MCPPeer(), try MCPPeer())
        let (before, after) = (BackendConfiguration.test("alpha", old.url), BackendConfiguration.test("alpha", new.url))
        try await TestAgent.run(before) { agent in
            _ = await agent.reactor.attach(.test("canary"), to: 0)
            try await agent.keepalive()
            let outcome = try await agent.reactor.apply(change(from: [before], to: [after]))
            #expect(outcome?.moved.map(\.backend) == ["alpha"] && outcome?.moved.map(\.attachedSessions) == [1])
            await old.waitForDisconnections(0)
            try await agent.keepalive()
            #expect(old.requestCount == 1 && new.requests.map(\.sessionID) == ["canary"])
        }
        await old.stop()
        await new.stop()
    }

    @Test func `a call in flight is not cut off by another cap`() async throws {
        let gate = try Gate()
        let peer = try MCPPeer { request in
            if request.method == "ping" { gate.pass() }
            return nil
        }
        let before = BackendConfiguration.test("alpha", peer.url)
        let after = BackendConfiguration.test("alpha", peer.url) { $0.maxRequestsInFlight = 3 }
        try await TestAgent.run(before) { agent in
            _ = await agent.reactor.attach(.test("canary"), to: 0)
            await agent.advance(by: TestAgent.interval)
            await peer.waitForRequests(1)
            _ = try await agent.reactor.apply(change(from: [before], to: [after]))
            gate.open()
            try await agent.telemetry.waitForCycles(1)
            try await agent.keepalive()
            let snapshot = await agent.collect()
            #expect(snapshot.value("keepalive_success_count", ["backend": "alpha"]) == 2)
        }
        await peer.stop()
    }

    @Test func `a call in flight by another method is aborted and counts for nothing`() async throws {
        let peer = try MCPPeer { request in request.method == "ping" ? [.hang] : nil }
        let before = BackendConfiguration.test("alpha", peer.url)
        let after = BackendConfiguration.test("alpha", peer.url, tool: "peek") { $0.method = .tool }
        try await TestAgent.run(before) { agent in
            _ = await agent.reactor.attach(.test("canary"), to: 0)
            await agent.advance(by: TestAgent.interval)
            await peer.waitForRequests(1)
            _ = try await agent.reactor.apply(change(from: [before], to: [after]))
            try await agent.keepalive()
            #expect(peer.methods == ["ping", "tools/call"])
            let snapshot = await agent.collect()
            #expect(snapshot.value("keepalive_attempt_count", ["backend": "alpha", "method": "ping"]) == 0)
            #expect(snapshot.value("keepalive_attempt_count", ["backend": "alpha", "method": "tool"]) == 1)
        }
        await peer.stop()
    }

    @Test func `other headers are sent from now on, also beside those that a session has of its own`() async throws {
        let peer = try MCPPeer()
        func alpha(_ token: String) throws -> BackendConfiguration {
            .test("alpha", peer.url, headers: [try .test("Authorization", token)])
        }
        try await TestAgent.run(try alpha("one")) { agent in
            _ = await agent.reactor.attach(.test("canary-a"), to: 0)
            let own = [try HeaderConfiguration.test("X-User", "bob")]
            _ = await agent.reactor.attach(.test("canary-b", headers: own), to: 0)
            try await agent.keepalive(2)
            _ = try await agent.reactor.apply(change(from: [try alpha("one")], to: [try alpha("two")]))
            try await agent.keepalive(2)
            #expect(peer.requests.map(\.authorization) == ["one", "one", "two", "two"])
            #expect(peer.requests.filter { $0.http.header("X-User") == "bob" }.count == 2)
        }
        await peer.stop()
    }

    @Test func `a session whose credential was refused goes on with another one`() async throws {
        let peer = try MCPPeer { request in
            request.authorization == "bad" ? [.respond(status: 401)] : nil
        }
        func alpha(_ token: String) throws -> BackendConfiguration {
            .test("alpha", peer.url, headers: [try .test("Authorization", token)])
        }
        try await TestAgent.run(try alpha("bad")) { agent in
            _ = await agent.reactor.attach(.test("canary"), to: 0)
            await agent.advance(by: TestAgent.interval)
            try await agent.telemetry.wait(for: .sessionPaused)
            _ = try await agent.reactor.apply(change(from: [try alpha("bad")], to: [try alpha("good")]))
            try await agent.telemetry.wait(for: .sessionResumed)
            try await agent.keepalive()
            #expect(peer.requests.map(\.authorization) == ["bad", "good"])
        }
        await peer.stop()
    }

    @Test func `a backend that is switched off closes its own sessions, and opens others when it comes back`()
        async throws
    {
        let peer = try MCPPeer()
        let on = BackendConfiguration.test("alpha", peer.url, ownSessions: 2)
        let off = BackendConfiguration.test("alpha", peer.url, ownSessions: 2) { $0.method = .none }
        try await TestAgent.run(on) { agent in
            try await agent.telemetry.wait(for: .sessionOpened, count: 2)
            _ = try await agent.reactor.apply(change(from: [on], to: [off]))
            try await agent.telemetry.wait(for: .sessionReleased, count: 2)
            #expect(peer.requests(of: "DELETE").count == 2)
            #expect(await agent.reactor.status(of: 0).sessions.notApplicable == 2)
            _ = try await agent.reactor.apply(change(from: [off], to: [on]))
            await agent.advance(by: .milliseconds(50))
            try await agent.telemetry.wait(for: .sessionOpened, count: 4)
            try await agent.keepalive(2)
        }
        #expect(peer.requests(of: "DELETE").count == 4)
        await peer.stop()
    }

    @Test func `one backend that cannot be used leaves everything as it was`() async throws {
        let peer = try MCPPeer()
        let alpha = BackendConfiguration.test("alpha", peer.url, ownSessions: 1)
        try await TestAgent.run(alpha) { agent in
            try await agent.telemetry.wait(for: .sessionOpened)
            let change = change(added: [.test("beta", peer.url), .test("gamma", "gopher://x/mcp")], removed: [alpha])
            let error = await #expect(throws: BackendProblem.self) { _ = try await agent.reactor.apply(change) }
            #expect(error?.backend == "gamma")
            #expect(await agent.reactor.indices == ["alpha": 0])
            #expect(await agent.collect().attributeSets("keepalive_interval_seconds").count == 1)
            try await agent.keepalive()
        }
        await peer.stop()
    }

    @Test func `more backends than the limit on series was made for have series of their own`() async throws {
        let peer = try MCPPeer()
        try await TestAgent.run { agent in
            let many = (0..<60).map { BackendConfiguration.test("b\($0)", peer.url) }
            _ = try await agent.reactor.apply(change(added: many))
            let snapshot = await agent.collect()
            for metric in snapshot.metrics {
                #expect(!snapshot.attributeSets(metric.description.name).contains(.overflow))
            }
            #expect(Set(snapshot.attributeSets("keepalive_failure_count").map { $0["backend"] }).count == 60)
        }
        await peer.stop()
    }
}
