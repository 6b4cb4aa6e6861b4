// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import KeepaliveEngine
import OTLPExport
import Telemetry

/// The agent's own reactor with everything that belongs to a keepalive, and attached sessions on one backend.
struct BenchmarkAgent {
    let reactor: Reactor
    let meter: Meter
    /// The exporter, where spans are exported.
    let pipeline: ExportPipeline?

    private static let backend = "benchmark"

    /// Starts an agent without sessions.
    init(url: String, policy: BackendPolicy, spans: SpanHandling) throws {
        meter = Meter(scope: InstrumentationScope(name: "ping-benchmark", version: ""), startTime: 0)
        var sink: any TelemetrySink = DroppingSink()
        if spans == .exported {
            var telemetry = TelemetryConfiguration()
            telemetry.endpoint = url
            let pipeline = try ExportPipeline(OTLPConfiguration(telemetry, environment: [:]), meter: meter)
            sink = pipeline
            self.pipeline = pipeline
        } else {
            pipeline = nil
        }
        var configuration = BackendConfiguration(name: Self.backend, url: url + "/mcp")
        configuration.policy = policy
        var tracing = Tracing()
        if spans == .none { tracing.sampler = .alwaysOff }
        reactor = try Reactor(
            configurations: [configuration],
            meter: meter,
            sink: sink,
            log: SilentLog(),
            tracing: tracing
        )
        reactor.run()
        pipeline?.start()
    }

    /// Attaches so many sessions.
    func attach(_ count: Int) async {
        for number in 0..<count { _ = await reactor.attach(ConstantRequest.session(number, of: Self.backend), to: 0) }
    }

    func stop() async {
        await reactor.shutdown(within: .seconds(1))
        await pipeline?.shutdown(within: .seconds(1))
    }
}
