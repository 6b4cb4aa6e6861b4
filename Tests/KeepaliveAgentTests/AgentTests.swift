// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import JSONText
import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import LogText
import Testing

/// The whole agent, from a sessions file to a collector. In real time: about 1 s.
@Suite(.timeLimit(.minutes(1)))
struct AgentTests {
    @Test func `a disk that hangs does not keep the agent from its end`() async throws {
        let collector = try TCPPeer { _ in [.respond(json: "{}")] }
        let peer = try MCPPeer()
        let storage = RecordingStorage()
        let agent = try Agent(
            Self.configuration(peer, collector: collector.url(""), sessionsFile: nil),
            log: RecordingTelemetry(),
            storage: storage,
            environment: [:]
        )
        await agent.start()
        await peer.waitForRequests(3)
        storage.hang()
        let start = ContinuousClock.now
        await agent.stop()
        #expect(ContinuousClock.now - start < .seconds(4))
        #expect(peer.methods.last == "DELETE", "its own session is closed all the same")
        storage.goOn()
        await collector.stop()
        await peer.stop()
    }

    @Test func `sessions of a file are kept alive, and a collector is told`() async throws {
        let folder = try TemporaryFolder()
        try folder.replace(
            "sessions.json",
            #"{"sessions":[{"backend":"alpha","session_id":"canary-attached","protocol_version":"2025-06-18"}]}"#
        )
        let collector = try TCPPeer { _ in [.respond(json: "{}")] }
        let peer = try MCPPeer { request in
            request.method == "initialize" ? [MCPPeer.initialized(request, session: "canary-owned")] : nil
        }
        let log = RecordingTelemetry()
        let agent = try Agent(
            Self.configuration(peer, collector: collector.url(""), sessionsFile: folder("sessions.json")),
            log: log,
            environment: [:]
        )
        await agent.start()
        // Two requests open a session; after that each session is called within its interval.
        await peer.waitForRequests(6)
        let start = ContinuousClock.now
        await agent.stop()
        #expect(ContinuousClock.now - start < .seconds(8))

        #expect(peer.requests.filter { $0.sessionID == "canary-attached" }.allSatisfy { $0.method == "ping" })
        #expect(peer.requests.contains { $0.method == "ping" && $0.sessionID == "canary-attached" })
        #expect(peer.methods.last == "DELETE")
        #expect(peer.requests.last?.sessionID == "canary-owned")
        let signals = Set(collector.requests.map(\.target))
        #expect(signals == ["/v1/metrics", "/v1/traces", "/v1/logs"])
        for request in collector.requests {
            #expect(request.header("Content-Type") == "application/json")
            #expect(request.header("User-Agent")?.hasPrefix("mcp-keepalive/\(AgentVersion.current) ") == true)
            #expect(!request.text.contains("canary"))
            _ = try JSONValue.parse(request.body.span)
        }
        // The last export says what the last keepalive came to, and that the loop came to a clean end.
        let last = try #require(collector.requests.last { $0.target == "/v1/metrics" })
        let pings = peer.requests(of: "ping").count
        #expect(Self.values(of: "keepalive_heartbeat_timestamp_seconds", in: last) == [0])
        let attempts = try #require(Self.values(of: "keepalive_attempt_count", in: last).first)
        // Whether one that was under way was counted or given up depends on the moment.
        #expect((pings - 2...pings).contains(Int(attempts)))
        for line in log.record.lines { #expect(!line.rendered(as: .json).contains("canary")) }
        await collector.stop()
        await peer.stop()
    }

    @Test func `a collector that is down is told on the log only and delays no stop`() async throws {
        let closed = try RefusingPort()
        let peer = try MCPPeer()
        let log = RecordingTelemetry()
        let agent = try Agent(
            Self.configuration(peer, collector: "http://127.0.0.1:\(closed.port)", sessionsFile: nil),
            log: log,
            environment: [:]
        )
        await agent.start()
        try await log.wait { $0.lines.contains { $0.level == .warning && $0.fields.first?.key == "signal" } }
        await peer.waitForRequests(3)
        let start = ContinuousClock.now
        await agent.stop()
        #expect(ContinuousClock.now - start < .seconds(8))
        #expect(peer.methods.last == "DELETE")
        await peer.stop()
    }

    @Test(arguments: [
        ("ftp://collector", "http://127.0.0.1:1/mcp", "telemetry: "),
        ("http://127.0.0.1:1", "gopher://127.0.0.1/mcp", "backend 'alpha': "),
    ])
    func `what cannot work is said before anything starts`(_ collector: String, _ url: String, _ problem: String) {
        var configuration = Configuration(file: "config.yaml")
        configuration.telemetry.endpoint = collector
        configuration.backends = [.test("alpha", url)]
        let error = #expect(throws: AgentProblem.self) {
            _ = try Agent(configuration, log: RecordingTelemetry(), environment: [:])
        }
        #expect(error?.description.hasPrefix(problem) == true)
    }

    private static func configuration(
        _ peer: MCPPeer,
        collector: String,
        sessionsFile: String?
    ) -> Configuration {
        var configuration = Configuration(file: "config.yaml")
        configuration.telemetry.endpoint = collector
        configuration.telemetry.compression = TelemetryConfiguration.Compression.none
        configuration.telemetry.interval = .milliseconds(100)
        configuration.sessionsFile = sessionsFile
        configuration.backends = [.test("alpha", peer.url, ownSessions: 1) { $0.interval = .seconds(1) }]
        return configuration
    }

    /// The values of all points of a metric in an export.
    private static func values(of metric: String, in request: TCPPeerRequest) -> [Double] {
        let root = try? JSONValue.parse(request.body.span)
        let scopes = (root?["resourceMetrics"]?.array ?? []).flatMap { $0["scopeMetrics"]?.array ?? [] }
        let metrics = scopes.flatMap { $0["metrics"]?.array ?? [] }.filter { $0["name"]?.string == metric }
        return metrics.flatMap { metric in
            let points = (metric["sum"] ?? metric["gauge"])?["dataPoints"]?.array ?? []
            return points.compactMap { point in
                let value = point["asInt"] ?? point["asDouble"]
                return value?.string.flatMap(Double.init) ?? value?.number?.double
            }
        }
    }
}
