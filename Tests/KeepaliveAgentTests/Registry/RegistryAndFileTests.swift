// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ControlAPI
import KeepaliveEngine
import KeepaliveTesting
import LogText
import Testing

@testable import KeepaliveAgent

/// A session that is in the sessions file and registered as well is kept alive once.
@Suite(.timeLimit(.minutes(1))) struct RegistryAndFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func run(body: (TestAgent, SessionRegistry, SessionsFileSource) async throws -> Void) async throws {
        let peer = try MCPPeer()
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let registry = SessionRegistry(
                reactor: agent.reactor,
                feed: agent.feed,
                storage: nil,
                maxSessions: 100,
                log: agent.telemetry,
                clock: agent.clock.agentClock
            )
            let source = SessionsFileSource(
                path: folder.path + "/sessions.json",
                backends: ["alpha"],
                reactor: agent.reactor,
                registry: registry,
                log: agent.telemetry,
                clock: agent.clock.agentClock
            )
            await registry.respect(source)
            try await body(agent, registry, source)
        }
        await peer.stop()
    }

    private func list(_ ids: String...) throws {
        let entries = ids.map { #"{"backend":"alpha","session_id":"\#($0)"}"# }.joined(separator: ",")
        try folder.replace("sessions.json", #"{"sessions":[\#(entries)]}"#)
    }

    @Test func `a registered session is left to its client, also when that has released it, until the file changes`()
        async throws
    {
        try await run { agent, registry, source in
            _ = try await registry.register(SessionRegistration(sessionID: "one"), backend: "alpha", key: "a")
            try list("one", "two")
            for _ in 0..<3 { await source.poll() }
            #expect(await agent.reactor.sessions(of: 0).count == 2)
            #expect(agent.telemetry.record.lines.count { $0.message.contains("registered through the local API") } == 1)
            _ = try await registry.release(backend: "alpha", key: "a")
            for _ in 0..<3 { await source.poll() }
            #expect(await agent.reactor.sessions(of: 0).count == 1)
            try list("one", "two", "three")
            await source.poll()
            #expect(await agent.reactor.sessions(of: 0).count == 3)
        }
    }

    @Test func `a session of the file cannot be registered, and can when it left`() async throws {
        try await run { agent, registry, source in
            try list("one")
            await source.poll()
            let problem = await #expect(throws: ControlProblem.self) {
                try await registry.register(SessionRegistration(sessionID: "one"), backend: "alpha", key: "a")
            }
            #expect(problem?.code == .sessionInUse && problem?.detail.contains("sessions file") == true)
            #expect(await registry.count == 0)
            try list()
            await source.poll()
            _ = try await registry.register(SessionRegistration(sessionID: "one"), backend: "alpha", key: "a")
            #expect(await agent.reactor.sessions(of: 0).count == 1)
        }
    }

    @Test func `both at once never take a session twice`() async throws {
        for round in 0..<20 {
            try await run { agent, registry, source in
                try list("one")
                async let read: Void = source.poll()
                if round % 2 == 0 { await Task.yield() }
                _ = try? await registry.register(SessionRegistration(sessionID: "one"), backend: "alpha", key: "a")
                await read
                // Each may have seen the other and stood back: the next change of the file decides.
                #expect(await agent.reactor.sessions(of: 0).count <= 1)
                try list("one", "two")
                await source.poll()
                #expect(await agent.reactor.sessions(of: 0).count == 2)
            }
        }
    }
}
