// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import LogText
import Testing

/// The attached sessions are what the sessions file says, however it is replaced.
@Suite(.timeLimit(.minutes(1)))
struct SessionsFileSourceTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `entries that come, change and go are carried over`() async throws {
        let peer = try MCPPeer()
        try await run(peer) { agent, source in
            try folder.replace("sessions.json", Self.file("one", "two"))
            await source.poll()
            try await agent.keepalive(2)
            #expect(Set(peer.requests.compactMap(\.sessionID)) == ["canary-one", "canary-two"])
            #expect(peer.requests.allSatisfy { $0.protocolVersion == nil })

            let changed = Self.entry("two", #","protocol_version":"2025-06-18","headers":{"X-User":"bob"}"#)
            try folder.replace("sessions.json", Self.file(entries: [changed, Self.entry("three")]))
            await source.poll()
            try await agent.keepalive(2)
            let later = peer.requests.dropFirst(2)
            #expect(Set(later.compactMap(\.sessionID)) == ["canary-two", "canary-three"])
            let two = try #require(later.first { $0.sessionID == "canary-two" })
            #expect(two.protocolVersion == "2025-06-18")
            #expect(two.http.header("X-User") == "bob")

            try folder.replace("sessions.json", Self.file())
            await source.poll()
            for _ in 0..<3 { await agent.advance(by: TestAgent.interval) }
            #expect(peer.requestCount == 4)
            #expect(await agent.reactor.sessions(of: 0).isEmpty)
            #expect(
                agent.messages == [
                    "sessions file read: 2 sessions (+2 ~0 -0)", "sessions file read: 2 sessions (+1 ~1 -1)",
                    "sessions file read: 0 sessions (+0 ~0 -2)",
                ]
            )
        }
        #expect(peer.requests.allSatisfy { $0.method == "ping" })
        await peer.stop()
    }

    @Test func `a file that did not change is not read again, and one that says the same changes nothing`() async throws
    {
        let peer = try MCPPeer()
        try await run(peer) { agent, source in
            try folder.replace("sessions.json", Self.file("one", "two"))
            for _ in 0..<3 { await source.poll() }
            let before = await agent.reactor.sessions(of: 0)
            // Another order is not another session.
            try folder.replace("sessions.json", Self.file("two", "one"))
            for _ in 0..<3 { await source.poll() }
            #expect(await agent.reactor.sessions(of: 0) == before)
            #expect(agent.messages.count == 2)
            #expect(agent.messages.last == "sessions file read: 2 sessions (+0 ~0 -0)")
        }
        await peer.stop()
    }

    @Test func `a link that is swapped is noticed`() async throws {
        let peer = try MCPPeer()
        // As Kubernetes mounts a file: sessions.json -> ..data/sessions.json, ..data -> a folder per version.
        for (name, session) in [("v1", "one"), ("v2", "two")] {
            try folder.makeFolder(name)
            try folder.replace("\(name)/sessions.json", Self.file(session))
        }
        try folder.link("..data", to: "v1")
        try folder.link("sessions.json", to: "..data/sessions.json")
        try await run(peer) { agent, source in
            await source.poll()
            try await agent.keepalive()
            try folder.link("..data", to: "v2")
            await source.poll()
            try await agent.keepalive()
            #expect(peer.requests.map(\.sessionID) == ["canary-one", "canary-two"])
        }
        await peer.stop()
    }

    @Test(arguments: ["{", "[]", #"{"sessions":"canary-oops"}"#, #"{"sessions":[]"#, "canary-oops"])
    func `a broken file leaves the last good one in force`(_ text: String) async throws {
        let peer = try MCPPeer()
        try await run(peer) { agent, source in
            try folder.replace("sessions.json", Self.file("one"))
            await source.poll()
            try folder.replace("sessions.json", text)
            await source.poll()
            await source.poll()
            try await agent.keepalive()
            #expect(await agent.reactor.sessions(of: 0).count == 1)
            let errors = agent.telemetry.record.lines.filter { $0.level == .error }
            #expect(errors.count == 2)
            #expect(errors.last?.message.hasSuffix("its last good contents stay in force") == true)
            // And a good one is taken up again.
            try folder.replace("sessions.json", Self.file("one", "two"))
            await source.poll()
            #expect(await agent.reactor.sessions(of: 0).count == 2)
        }
        await peer.stop()
    }

    @Test func `a file that vanishes leaves its last contents in force`() async throws {
        let peer = try MCPPeer()
        try await run(peer) { agent, source in
            try folder.replace("sessions.json", Self.file("one"))
            await source.poll()
            try folder.remove("sessions.json")
            for _ in 0..<3 { await source.poll() }
            #expect(await agent.reactor.sessions(of: 0).count == 1)
            #expect(agent.messages.count { $0.hasSuffix("its last contents stay in force") } == 1)
            try folder.replace("sessions.json", Self.file())
            await source.poll()
            #expect(await agent.reactor.sessions(of: 0).isEmpty)
        }
        await peer.stop()
    }

    @Test func `a file that is missing at the start is warned about once`() async throws {
        let peer = try MCPPeer()
        try await run(peer) { agent, source in
            for _ in 0..<5 { await source.poll() }
            #expect(agent.messages.count == 1)
            #expect(agent.messages.first?.contains("does not exist yet") == true)
            try folder.replace("sessions.json", Self.file("one"))
            await source.poll()
            #expect(await agent.reactor.sessions(of: 0).count == 1)
        }
        await peer.stop()
    }

    @Test func `an entry that cannot be used is reported and skipped`() async throws {
        let peer = try MCPPeer()
        try await run(peer) { agent, source in
            let entries = [
                Self.entry("one"), #"{"backend":"alhpa","session_id":"canary-x"}"#, Self.entry("one"),
                #"{"backend":"alpha"}"#,
            ]
            try folder.replace("sessions.json", Self.file(entries: entries))
            await source.poll()
            #expect(await agent.reactor.sessions(of: 0).count == 1)
            #expect(agent.telemetry.record.lines.count { $0.level >= .warning } == 3)
        }
        await peer.stop()
    }

    @Test func `a session whose time is over is released`() async throws {
        let peer = try MCPPeer()
        try await run(peer) { agent, source in
            let until = #","expires_at":"2027-01-15T08:10:00Z""#
            try folder.replace("sessions.json", Self.file(entries: [Self.entry("one", until), Self.entry("two")]))
            await source.poll()
            await agent.advance(by: .seconds(599))
            await source.poll()
            #expect(await agent.reactor.sessions(of: 0).count == 2)
            await agent.advance(by: .seconds(1))
            await source.poll()
            // A call in flight ends first.
            try await agent.telemetry.wait(for: .sessionReleased)
            #expect(await agent.reactor.sessions(of: 0).count == 1)
        }
        #expect(peer.requests.allSatisfy { $0.method == "ping" })
        await peer.stop()
    }

    @Test func `an entry whose secret comes later is taken over then, and told once until it does`() async throws {
        let peer = try MCPPeer()
        try await run(peer) { agent, source in
            let secret = #","headers":{"Authorization":"${file:\#(folder("token"))}"}"#
            try folder.replace("sessions.json", Self.file(entries: [Self.entry("one", secret)]))
            await source.poll()
            #expect(await agent.reactor.sessions(of: 0).isEmpty)
            let told = agent.telemetry.record.lines.count
            for _ in 0..<3 {
                await agent.advance(by: .seconds(5))
                await source.poll()
            }
            #expect(agent.telemetry.record.lines.count == told)
            try folder.replace("token", "Bearer canary-token")
            await source.poll()
            #expect(await agent.reactor.sessions(of: 0).isEmpty, "not before the next try is due")
            await agent.advance(by: .seconds(5))
            await source.poll()
            #expect(await agent.reactor.sessions(of: 0).count == 1)
        }
        await peer.stop()
    }

    // MARK: The source and its file

    private func run(_ peer: MCPPeer, body: (TestAgent, SessionsFileSource) async throws -> Void) async throws {
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let source = SessionsFileSource(
                path: folder("sessions.json"),
                backends: ["alpha"],
                reactor: agent.reactor,
                log: agent.telemetry,
                clock: agent.clock.agentClock
            )
            try await body(agent, source)
            // Whatever happened: session ids are secrets.
            for line in agent.telemetry.record.lines { #expect(!line.rendered(as: .json).contains("canary")) }
        }
    }

    private static func entry(_ name: String, _ more: String = "") -> String {
        #"{"backend":"alpha","session_id":"canary-\#(name)"\#(more)}"#
    }

    private static func file(_ names: String...) -> String { file(entries: names.map { entry($0) }) }

    private static func file(entries: [String]) -> String { #"{"sessions":[\#(entries.joined(separator: ","))]}"# }
}

extension TestAgent {
    /// What the agent said besides changes of state.
    fileprivate var messages: [String] { telemetry.record.lines.filter { $0.event == nil }.map(\.message) }
}
