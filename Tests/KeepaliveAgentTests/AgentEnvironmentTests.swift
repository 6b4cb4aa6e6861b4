// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import LogText
import OTLPExport
import Testing

/// OpenTelemetry's variables and the whole agent.
@Suite(.timeLimit(.minutes(1)))
struct AgentEnvironmentTests {
    private static func configuration(_ url: String) -> Configuration {
        var configuration = Configuration(file: "config.yaml")
        configuration.backends = [.test("alpha", url, ownSessions: 1) { $0.interval = .seconds(1) }]
        return configuration
    }

    private static func initialized(_ request: MCPPeerRequest) -> [TCPPeerStep]? {
        request.method == "initialize" ? [MCPPeer.initialized(request, session: "s")] : nil
    }

    @Test func `warnings are told at the start, errors end it`() throws {
        let log = RecordingTelemetry()
        let variables = ["OTEL_BSP_SCHEDULE_DELAY": "soon", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"]
        let error = #expect(throws: AgentProblem.self) {
            _ = try Agent(Self.configuration("http://127.0.0.1:1/mcp"), log: log, environment: variables)
        }
        #expect(error?.description.hasPrefix("telemetry: OTEL_EXPORTER_OTLP_PROTOCOL: ") == true)
        #expect(log.record.lines.map(\.level) == [.warning])
        #expect(log.record.lines.first?.message.hasPrefix("OTEL_BSP_SCHEDULE_DELAY: 'soon'") == true)
    }

    @Test func `disabled: sessions are kept alive, and nothing is exported or sent along`() async throws {
        let collector = try TCPPeer { _ in [.respond(json: "{}")] }
        let peer = try MCPPeer(Self.initialized)
        var configuration = Self.configuration(peer.url)
        configuration.telemetry.endpoint = collector.url("")
        let agent = try Agent(configuration, log: RecordingTelemetry(), environment: ["OTEL_SDK_DISABLED": "true"])
        #expect(agent.pipeline == nil)
        await agent.start()
        await peer.waitForRequests(4)
        await agent.stop()
        #expect(collector.requests.isEmpty)
        #expect(peer.requests(of: "ping").count >= 1)
        #expect(peer.requests.allSatisfy { $0.traceparent == nil })
        #expect(peer.methods.last == "DELETE")
        await collector.stop()
        await peer.stop()
    }

    @Test func `each signal goes where its variables say`() async throws {
        let collector = try TCPPeer { _ in [.respond(json: "{}")] }
        let peer = try MCPPeer(Self.initialized)
        let agent = try Agent(
            Self.configuration(peer.url),
            log: RecordingTelemetry(),
            environment: [
                "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url("/base"), "OTEL_LOGS_EXPORTER": "none",
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": collector.url("/own"), "OTEL_SERVICE_NAME": "named",
                "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "x-key=a%20b", "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
            ]
        )
        await agent.start()
        // After the second ping the first one has ended for certain: one that is aborted has no span.
        await peer.waitForRequests(4)
        await agent.stop()
        #expect(Set(collector.requests.map(\.target)) == ["/base/v1/metrics", "/own"])
        for request in collector.requests {
            #expect(request.header("x-key") == (request.target == "/own" ? "a b" : nil))
            #expect(request.text.contains(#"{"key":"service.name","value":{"stringValue":"named"}}"#))
        }
        await collector.stop()
        await peer.stop()
    }

    @Test(arguments: [
        ("", "", 2, #""histogram":{"#, #""exponentialHistogram":"#),
        ("delta", "base2_exponential_bucket_histogram", 1, #""exponentialHistogram":{"#, #""histogram":"#),
    ])
    func `metrics are aggregated as the variables say`(
        _ temporality: String,
        _ aggregation: String,
        _ number: Int,
        _ present: String,
        _ absent: String
    ) async throws {
        let collector = try TCPPeer { _ in [.respond(json: "{}")] }
        let peer = try MCPPeer(Self.initialized)
        let agent = try Agent(
            Self.configuration(peer.url),
            log: RecordingTelemetry(),
            environment: [
                "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url(""), "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
                "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": temporality,
                "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION": aggregation,
            ]
        )
        await agent.start()
        await peer.waitForRequests(3)
        await agent.stop()
        let last = try #require(collector.requests.last { $0.target == "/v1/metrics" }).text
        #expect(last.contains(#""aggregationTemporality":\#(number)"#))
        #expect(last.contains(present))
        #expect(!last.contains(absent))
        await collector.stop()
        await peer.stop()
    }

    @Test(arguments: [("", true), ("error", false), ("none", false), ("warn", true)])
    func `the log level counts for what is told of the export`(_ level: String, _ isTold: Bool) async throws {
        let closed = try RefusingPort()
        let log = RecordingTelemetry()
        let agent = try Agent(
            Configuration(file: "config.yaml"),
            log: log,
            environment: [
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(closed.port)", "OTEL_LOG_LEVEL": level,
            ]
        )
        await agent.start()
        // The final export of metrics is tried at the latest now.
        await agent.stop()
        #expect(log.record.lines.isEmpty == !isTold)
    }
}
