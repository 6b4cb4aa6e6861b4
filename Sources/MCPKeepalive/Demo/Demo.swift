// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Foundation
import KeepaliveAgent
import KeepaliveEngine
import OTLPExport
import ScriptedBackend

/// The story of the demo, told act by act; each act ends when what it shows has happened.
struct Demo {
    /// What ends an act that never comes to its point.
    struct Stuck: Error, CustomStringConvertible {
        let act: String
        var description: String { "'\(act)' took too long" }
    }

    private static let idleTTL: Duration = .seconds(8)
    private static let probeAfter: Duration = .seconds(6)
    private static let longestAct: Duration = .seconds(30)

    private let story = DemoStory()
    private let server = ScriptedBackend(options: .init(idleTTL: Demo.idleTTL, advertisesTTL: true))
    private let collector = RecordingCollector(inflate: { try Gzip.inflate($0, limit: 64 << 20) })

    func run() async throws {
        Terminal.say("mcp-keepalive \(AgentVersion.current): a demo of about half a minute, on loopback only")
        Terminal.say(
            "A stateful MCP server drops sessions that are idle for \(Self.idleTTL.text). The agent keeps one alive."
        )
        Terminal.say("")
        let agent = try await start()
        let unkept = server.openSession()
        story.tell("two sessions are open; nobody keeps the second one alive")

        try await healthyAct(unkept: unkept)
        try await failingPingAct()
        try await disabledAct()
        try await recoveryAct()

        story.tell("SIGTERM would do this: the agent closes its session and sends the last telemetry")
        await agent.stop()
        let state = server.record
        story.tell(
            "the server got \(state.deletes) DELETE; \(state.initializes) session was ever initialized by the agent"
        )
        Terminal.say("")
        DemoSummary(record: collector.record).say()
        await server.stop()
        await collector.stop()
    }

    // MARK: The acts

    private func healthyAct(unkept: String) async throws {
        server.setScript { [story] request in
            story.tellCall(request, "ok")
            return .success
        }
        try await act("the unkept session expires") { record in
            record.sessions[unkept]?.state == .expired && record.pings >= 3
        }
        story.tell("the session that nobody keeps alive has expired; the other one lives, thanks to the pings")
    }

    private func failingPingAct() async throws {
        story.tell("-- from now on the server fails every ping; its tools still work")
        server.setScript { [story] request in
            guard request.method == "ping" else {
                story.tellCall(request, "ok")
                return .success
            }
            story.tellCall(request, "JSON-RPC error -32603")
            return .rpcError(code: -32603, message: "Internal error")
        }
        let before = server.record.toolCalls
        try await act("the fallback tool is called") { $0.toolCalls >= before + 2 }
    }

    private func disabledAct() async throws {
        story.tell("-- from now on everything fails with 503")
        server.setScript { [story] request in
            story.tellCall(request, "HTTP 503")
            return .status(503)
        }
        try await story.wait(for: .backendAutoDisabled, within: Self.longestAct)
    }

    private func recoveryAct() async throws {
        story.tell("-- the server is well again, and the agent leaves it alone until the probe")
        server.setScript { [story] request in
            story.tellCall(request, "ok")
            return .success
        }
        try await story.wait(for: .backendReenabled, within: Self.longestAct)
        let before = server.record.pings
        try await act("keepalives go on") { $0.pings >= before + 2 }
    }

    // MARK: The stage

    private func start() async throws -> Agent {
        let port = try await server.start()
        let collectorPort = try await collector.start()
        var backend = BackendConfiguration(name: "demo", url: "http://127.0.0.1:\(port)/mcp")
        backend.ownSessions = 1
        backend.tool = ToolCall(name: "peek")
        backend.policy.method = .ping(hasFallback: true)
        backend.policy.probeAfter = Self.probeAfter
        var configuration = Configuration(file: "demo")
        configuration.telemetry.endpoint = "http://127.0.0.1:\(collectorPort)"
        configuration.telemetry.interval = .seconds(5)
        configuration.backends = [backend]
        let agent = try Agent(configuration, log: story, environment: [:])
        await agent.start()
        try await story.wait(for: .sessionOpened, within: Self.longestAct)
        return agent
    }

    private func act(_ name: String, until condition: @escaping @Sendable (BackendRecord) -> Bool) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Idle sessions expire without a request, so the condition is looked at as time passes, too.
            group.addTask {
                while !condition(server.record) { try await Task.sleep(for: .milliseconds(50)) }
            }
            group.addTask {
                try await Task.sleep(for: Self.longestAct)
                throw Stuck(act: name)
            }
            try await group.next()
            group.cancelAll()
        }
    }
}
