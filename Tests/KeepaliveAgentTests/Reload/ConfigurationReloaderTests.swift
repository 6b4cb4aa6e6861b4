// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ControlAPI
import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import LogText
import Testing

/// The configuration file is read again while the agent runs.
@Suite(.timeLimit(.minutes(1)))
struct ConfigurationReloaderTests {
    private let folder: TemporaryFolder
    /// What the agent itself says.
    private let agentLog = RecordingTelemetry()

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `goes over to what the file says, and tells what is different`() async throws {
        try await run("alpha: { url: URL, own_sessions: 2 }\n  beta: { url: URL, interval: 1m }") {
            agent,
            reloader,
            log in
            try folder.replace("c.yaml", Self.file("alpha: { url: URL, own_sessions: 2 }\n  gamma: { url: URL }"))
            let report = try await reloader.reload()
            #expect((report.added, report.changed, report.removed) == (["gamma"], [], ["beta"]))
            #expect(report.untouchedSessions == 2)
            #expect(report.warnings.contains { $0.hasPrefix("gamma: nothing to keep alive") })
            #expect(!report.warnings.contains { $0.hasPrefix("alpha: nothing") })
            #expect(log.messages.last == "reload ok: +1 ~0 -1 backends, 2 sessions untouched")
            #expect(await agent.reactor.indices.keys.sorted() == ["alpha", "gamma"])
            try folder.replace("c.yaml", Self.file("alpha: { url: URL, own_sessions: 3 }\n  gamma: { url: URL }"))
            #expect(try await reloader.reload().changed == ["alpha"])
            let view = await reloader.view
            #expect(view.file == folder("c.yaml") && view.problem == nil)
        }
    }

    @Test func `a file with errors changes nothing, and all of them are told`() async throws {
        try await run("alpha: { url: URL }") { agent, reloader, log in
            let loadedAt = await reloader.view.loadedAt
            try folder.replace("c.yaml", "version: 1\nbackends: { alpha: { interval: 5, urll: x } }\n")
            let problem = await #expect(throws: ControlProblem.self) { _ = try await reloader.reload() }
            #expect(problem?.code == .configurationInvalid)
            let lines = problem?.detail.split(separator: "\n") ?? []
            #expect(lines.count == 3 && lines.allSatisfy { $0.contains("c.yaml:2:") })
            let messages = log.messages
            #expect(messages.contains { $0.hasPrefix("reload rejected, still running the configuration of ") })
            #expect(messages.contains { $0.hasSuffix(" (3 problems in all)") && $0.contains(lines[0]) })
            for line in lines { #expect(messages.contains(String(line))) }
            #expect(await reloader.view.problem == problem?.detail)
            #expect(await reloader.view.loadedAt == loadedAt)
            #expect(await agent.reactor.indices.keys.sorted() == ["alpha"])
            try folder.replace("c.yaml", Self.file("alpha: { url: URL }"))
            #expect(try await reloader.reload() == ReloadReport(warnings: []))
            #expect(await reloader.view.problem == nil)
        }
    }

    @Test func `what takes a restart is warned about, each time`() async throws {
        try await run("alpha: { url: URL }") { _, reloader, _ in
            let text = Self.file("alpha: { url: URL }") + "telemetry: { interval: 7s }\n"
            try folder.replace("c.yaml", text.replacing("telemetry: { directory: telemetry }\n", with: ""))
            for _ in 0..<2 {
                let warnings = try await reloader.reload().warnings
                #expect(warnings.contains("telemetry: changed; restart the agent to apply it"))
            }
        }
    }

    @Test func `a file that changed is noticed once it is complete, one that was touched is no news`() async throws {
        try await run("alpha: { url: URL }") { agent, reloader, log in
            for _ in 0..<3 { await reloader.poll() }
            try folder.replace("c.yaml", Self.file("alpha: { url: URL }") + "# a remark\n")
            for _ in 0..<3 { await reloader.poll() }
            #expect(log.messages.isEmpty)
            try folder.replace("c.yaml", Self.file("alpha: { url: URL }\n  beta: { url: URL }"))
            await reloader.poll()
            #expect(await agent.reactor.indices.count == 1, "it may not be complete yet")
            await reloader.poll()
            #expect(await agent.reactor.indices.count == 2)
            #expect(log.messages.last == "reload ok: +1 ~0 -0 backends, 0 sessions untouched")
        }
    }

    @Test func `a file that stays broken is told once, also when it is gone, and read again when it changes`()
        async throws
    {
        try await run("alpha: { url: URL }") { _, reloader, log in
            func rejections() -> Int { log.messages.count { $0.hasPrefix("reload rejected") } }
            try folder.replace("c.yaml", "backends: {")
            for _ in 0..<5 { await reloader.poll() }
            #expect(rejections() == 1)
            try folder.replace("c.yaml", "backends: {")
            for _ in 0..<5 { await reloader.poll() }
            #expect(rejections() == 1)
            _ = try? await reloader.reload()
            #expect(rejections() == 2, "somebody asked")
            try folder.remove("c.yaml")
            for _ in 0..<5 { await reloader.poll() }
            #expect(rejections() == 3)
            #expect(await reloader.view.problem?.contains("there is no such file") == true)
            try folder.replace("c.yaml", Self.file("alpha: { url: URL }"))
            for _ in 0..<5 { await reloader.poll() }
            #expect(log.messages.last == "reload ok: +0 ~0 -0 backends, 0 sessions untouched")
        }
    }

    @Test func `the limit on open files bounds the backends of the new file, too`() async throws {
        try await run("alpha: { url: URL, max_requests_in_flight: 8 }", files: OpenFileLimit(files: 200)) {
            agent,
            reloader,
            _ in
            let backend = "{ url: URL, max_requests_in_flight: 1000 }"
            try folder.replace("c.yaml", Self.file("alpha: \(backend)\n  beta: \(backend)"))
            let report = try await reloader.reload()
            #expect(report.warnings.contains { $0.contains("in flight per backend, for only 200 files may be open") })
            let caps = agent.configurationInForce.backends.map(\.policy.maxRequestsInFlight)
            #expect(caps == [30, 30])
        }
    }

    @Test func `sessions of a file follow its backends and its path`() async throws {
        let session = { (backend: String, id: String) in #"{"backend":"\#(backend)","session_id":"canary-\#(id)"}"# }
        try folder.replace("one.json", #"{"sessions":[\#(session("alpha", "1")),\#(session("beta", "2"))]}"#)
        try folder.replace("two.json", #"{"sessions":[\#(session("alpha", "1")),\#(session("alpha", "3"))]}"#)
        let file = { (name: String, backends: String) in "sessions_file: \(name).json\n" + Self.file(backends) }
        let both = "alpha: { url: URL }\n  beta: { url: URL }"
        try await run("alpha: { url: URL }") { agent, reloader, log in
            func counts() async -> [String: Int] {
                var counts: [String: Int] = [:]
                for (name, index) in await agent.reactor.indices {
                    counts[name] = await agent.reactor.sessions(of: index).count
                }
                return counts
            }
            try folder.replace("c.yaml", file("one", "alpha: { url: URL }"))
            _ = try await reloader.reload()
            #expect(await counts() == ["alpha": 1])
            #expect(agentLog.messages.contains { $0.contains("'beta'") }, "an unknown backend")
            try folder.replace("c.yaml", file("one", both))
            _ = try await reloader.reload()
            #expect(await counts() == ["alpha": 1, "beta": 1])
            try folder.replace("c.yaml", file("one", "alpha: { url: URL }"))
            _ = try await reloader.reload()
            #expect(await counts() == ["alpha": 1])
            try folder.replace("c.yaml", file("one", both))
            #expect(try await reloader.reload().untouchedSessions == 1)
            #expect(await counts() == ["alpha": 1, "beta": 1], "the session of a backend that came back")
            try folder.replace("c.yaml", file("two", both))
            _ = try await reloader.reload()
            #expect(await counts() == ["alpha": 2, "beta": 0])
            try folder.replace("c.yaml", file("none", both))
            _ = try await reloader.reload()
            #expect(await counts() == ["alpha": 2, "beta": 0], "a file that does not exist yet ends nothing")
            try folder.replace("c.yaml", Self.file(both))
            _ = try await reloader.reload()
            #expect(await counts() == ["alpha": 0, "beta": 0])
            for message in agentLog.messages { #expect(!message.contains("canary")) }
        }
    }

    // MARK: The reloader and its agent

    /// Runs an agent by a file with these backends; `URL` is one that nobody answers.
    private func run(
        _ backends: String,
        files: OpenFileLimit = OpenFileLimit(files: 10_000),
        body: (Agent, ConfigurationReloader, RecordingTelemetry) async throws -> Void
    ) async throws {
        try folder.replace("c.yaml", Self.file(backends))
        let loaded = ConfigurationLoader.load(path: folder("c.yaml"), environment: [:])
        let configuration = try #require(loaded.configuration)
        let log = RecordingTelemetry()
        let agent = try Agent(configuration, log: agentLog, environment: [:])
        await agent.start()
        let reloader = ConfigurationReloader(
            of: agent,
            path: folder("c.yaml"),
            files: files,
            service: ServiceNotifier(environment: [:]),
            log: log,
            environment: [:]
        )
        do {
            try await body(agent, reloader, log)
        } catch {
            await agent.stop()
            throw error
        }
        await agent.stop()
    }

    private static func file(_ backends: String) -> String {
        "version: 1\ntelemetry: { directory: telemetry }\nbackends:\n  \(backends)\n"
            .replacing("URL", with: "http://127.0.0.1:1/mcp")
    }
}

extension RecordingTelemetry {
    fileprivate var messages: [String] { record.lines.map(\.message) }
}
