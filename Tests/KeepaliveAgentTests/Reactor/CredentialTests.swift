// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import LogText
import Telemetry
import Testing

/// Credentials: which are sent, and what happens when they are refused.
@Suite(.timeLimit(.minutes(1)))
struct CredentialTests {
    private let token = TokenFile("one")

    @Test func `headers of a session count instead of the backend's`() async throws {
        let peer = try MCPPeer()
        let backend = [
            try HeaderConfiguration.test("Authorization", "Bearer shared"),
            try HeaderConfiguration.test("X-Tenant", "acme"),
        ]
        let own = [try HeaderConfiguration.test("authorization", "Bearer alice")]
        try await TestAgent.run(.test("alpha", peer.url, ownSessions: 1, headers: backend)) { agent in
            try await agent.telemetry.wait(for: .sessionOpened)
            _ = await agent.reactor.attach(.test("alice", headers: own), to: 0)
            try await agent.keepalive(2)
        }
        for request in peer.requests {
            #expect(request.authorization == (request.sessionID == "alice" ? "Bearer alice" : "Bearer shared"))
            #expect(request.http.header("X-Tenant") == "acme")
            #expect(request.http.headers.count { $0.name.lowercased() == "authorization" } == 1)
        }
        #expect(peer.methods.sorted() == ["DELETE", "initialize", "notifications/initialized", "ping", "ping"])
        await peer.stop()
    }

    @Test func `a credential that was replaced is read again once, and the call repeated with it`() async throws {
        let peer = try peerThatAccepts("Bearer two")
        try await run(peer) { agent in
            token.write("two")
            try await agent.keepalive()
            #expect(token.readCount == 1)
            #expect(peer.requests.map(\.authorization) == ["Bearer one", "Bearer two"])
            let snapshot = await agent.collect()
            #expect(snapshot.value("keepalive_failure_count", ["reason": "unauthorized"]) == 1)
            #expect(snapshot.value("keepalive_success_count") == 1)
            #expect(agent.telemetry.record.count(of: .sessionPaused) == 0)
            let root = try #require(agent.telemetry.record.cycles.first)
            #expect(root.status == .unset)
            // From now on the new one is sent, without another look.
            try await agent.keepalive()
            #expect(token.readCount == 1)
            #expect(peer.requests.last?.authorization == "Bearer two")
        }
        await peer.stop()
    }

    @Test func `a credential that did not change pauses the session without a storm of retries`() async throws {
        let peer = try peerThatAccepts("Bearer two")
        try await run(peer) { agent in
            try await agent.keepalive()
            try await agent.telemetry.wait(for: .sessionPaused)
            #expect(token.readCount == 1)
            for _ in 0..<20 { await agent.advance(by: TestAgent.interval) }
            #expect(peer.requestCount == 1)
            let status = await agent.reactor.status(of: 0)
            #expect(status.sessions.paused == 1)
            #expect(status.consecutiveFailures == 0)
            #expect(agent.telemetry.record.lines.count { $0.event == "keepalive.session.paused" } == 1)
        }
        await peer.stop()
    }

    @Test func `a session that is paused gets one try per probe_after`() async throws {
        let peer = try peerThatAccepts("Bearer two")
        try await run(peer) { agent in
            try await agent.keepalive()
            try await agent.keepalive(after: .seconds(1800))
            #expect(peer.requestCount == 2)
            await agent.advance(by: .seconds(1700))
            #expect(peer.requestCount == 2)
        }
        await peer.stop()
    }

    @Test func `the pause ends when the file changes`() async throws {
        let peer = try peerThatAccepts("Bearer two")
        try await run(peer) { agent in
            try await agent.keepalive()
            try await agent.telemetry.wait(for: .sessionPaused)
            await agent.advance(by: TestAgent.interval)
            await agent.reactor.retryRefusedCredentials()
            #expect(agent.telemetry.record.count(of: .sessionResumed) == 0)
            token.remove()
            await agent.reactor.retryRefusedCredentials()
            #expect(agent.telemetry.record.count(of: .sessionResumed) == 0)
            token.write("two")
            await agent.reactor.retryRefusedCredentials()
            try await agent.keepalive(after: .milliseconds(100))
            #expect(agent.telemetry.record.count(of: .sessionResumed) == 1)
            #expect(peer.requests.map(\.authorization) == ["Bearer one", "Bearer two"])
            #expect(await agent.reactor.status(of: 0).sessions.paused == 0)
        }
        await peer.stop()
    }

    @Test func `a credential that many sessions share is replaced for all of them`() async throws {
        let count = 5
        let gate = try Gate()
        // All are refused with the old one, and the first to look at the file finds the new one for the others, too.
        let peer = try MCPPeer { request in
            if request.authorization == "Bearer two" { return nil }
            gate.pass()
            return [.respond(status: 401)]
        }
        try await TestAgent.run(backend(peer), readFile: token.reader) { agent in
            for number in 0..<count { _ = await agent.reactor.attach(.test("\(number)"), to: 0) }
            await agent.advance(by: TestAgent.interval)
            await peer.waitForRequests(count)
            token.write("two")
            gate.open()
            try await agent.telemetry.waitForCycles(count)
            #expect(agent.telemetry.record.cycles.allSatisfy { $0.status == .unset })
            #expect(agent.telemetry.record.count(of: .sessionPaused) == 0)
            #expect(await agent.reactor.status(of: 0).sessions.paused == 0)
        }
        await peer.stop()
    }

    @Test func `the pause of all sessions that share a credential ends when the file changes`() async throws {
        let peer = try peerThatAccepts("Bearer two")
        let count = 5
        try await TestAgent.run(backend(peer), readFile: token.reader) { agent in
            for number in 0..<count { _ = await agent.reactor.attach(.test("\(number)"), to: 0) }
            try await agent.keepalive(count)
            #expect(await agent.reactor.status(of: 0).sessions.paused == count)
            token.write("two")
            await agent.reactor.retryRefusedCredentials()
            #expect(await agent.reactor.status(of: 0).sessions.paused == 0)
            #expect(agent.telemetry.record.count(of: .sessionResumed) == count)
        }
        await peer.stop()
    }

    @Test func `initializations that are refused together are all repeated`() async throws {
        let count = 4
        let peer = try peerThatAccepts("Bearer two")
        token.write("two")
        try await TestAgent.run(backend(peer, ownSessions: count), readFile: token.reader) { agent in
            try await agent.run { $0.count(of: .sessionOpened) == count }
            #expect(agent.telemetry.record.count(of: .sessionPaused) == 0)
        }
        await peer.stop()
    }

    @Test func `403 pauses without another look at the credential`() async throws {
        let peer = try MCPPeer { request in request.method == "ping" ? [.respond(status: 403)] : nil }
        try await run(peer) { agent in
            token.write("two")
            try await agent.keepalive()
            #expect(agent.telemetry.record.count(of: .sessionPaused) == 1)
            #expect(token.readCount == 0)
            #expect(peer.requestCount == 1)
        }
        await peer.stop()
    }

    @Test func `an initialization that is refused is repeated with the credential that was read again`() async throws {
        let peer = try MCPPeer { request in
            request.authorization == "Bearer two" ? nil : [.respond(status: 401)]
        }
        let backend = try backend(peer, ownSessions: 1)
        token.write("two")
        try await TestAgent.run(backend, readFile: token.reader) { agent in
            try await agent.run { $0.count(of: .sessionOpened) == 1 }
            #expect(token.readCount == 1)
        }
        await peer.stop()
    }

    @Test func `one session's refused credential leaves the others alone`() async throws {
        let peer = try MCPPeer { request in
            request.sessionID == "bad" ? [.respond(status: 401)] : nil
        }
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            _ = await agent.reactor.attach(.test("bad"), to: 0)
            _ = await agent.reactor.attach(.test("good"), to: 0)
            try await agent.keepalive(2)
            for _ in 0..<3 { try await agent.keepalive(1) }
            #expect(peer.requests.count { $0.sessionID == "bad" } == 1)
            #expect(peer.requests.count { $0.sessionID == "good" } == 4)
        }
        await peer.stop()
    }

    // MARK: The backend and its token

    private func peerThatAccepts(_ authorization: String) throws -> MCPPeer {
        try MCPPeer { request in request.authorization == authorization ? nil : [.respond(status: 401)] }
    }

    private func backend(_ peer: MCPPeer, ownSessions: Int = 0) throws -> BackendConfiguration {
        let first = FileReader { _, _ in .success(FileContents(bytes: Array("one\n".utf8))) }
        let header = try HeaderConfiguration.test("Authorization", "Bearer ${file:/run/token}", readFile: first)
        return .test("alpha", peer.url, ownSessions: ownSessions, headers: [header])
    }

    private func run(_ peer: MCPPeer, body: (TestAgent) async throws -> Void) async throws {
        try await TestAgent.run(backend(peer), readFile: token.reader) { agent in
            _ = await agent.reactor.attach(.test("canary"), to: 0)
            try await body(agent)
        }
    }
}

/// A file with a token that can be replaced, and counts how often it is read.
private struct TokenFile: Sendable {
    private let contents: Recorder<(text: String?, reads: Int)>

    init(_ text: String) {
        contents = Recorder((text: text, reads: 0))
    }

    var readCount: Int { contents.record.reads }

    func write(_ text: String) { contents.change { $0.text = text } }
    func remove() { contents.change { $0.text = nil } }

    var reader: FileReader {
        FileReader { _, _ in
            contents.change { contents in
                contents.reads += 1
                guard let text = contents.text else { return .failure(.missing) }
                return .success(FileContents(bytes: Array("\(text)\n".utf8)))
            }
        }
    }
}
