// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import KeepaliveEngine
import OTLPExport
import Telemetry

/// The agent's own reactor with everything that belongs to a keepalive, and attached sessions on its backends.
struct BenchmarkAgent {
    let reactor: Reactor
    let meter: Meter
    /// The exporter, where spans are exported.
    let pipeline: ExportPipeline?
    let backends: [String]

    /// Starts an agent without sessions.
    init(_ options: LoadOptions, policy: BackendPolicy, caFile: String? = nil) throws {
        meter = Meter(
            scope: InstrumentationScope(name: "agent-benchmark", version: ""),
            startTime: 0,
            // Quantiles of what is measured, not of the bounds that happen to be there.
            options: MeterOptions(histogramAggregation: .base2Exponential)
        )
        var sink: any TelemetrySink = DroppingSink()
        if options.spans == .exported {
            var telemetry = TelemetryConfiguration()
            telemetry.endpoint = options.url
            let pipeline = try ExportPipeline(OTLPConfiguration(telemetry, environment: [:]), meter: meter)
            sink = pipeline
            self.pipeline = pipeline
        } else {
            pipeline = nil
        }
        let configurations = options.backendURLs.enumerated()
            .map { index, url in
                var configuration = BackendConfiguration(name: "backend-\(index)", url: url)
                configuration.policy = policy
                configuration.tls.caFile = caFile
                configuration.tls.insecureSkipVerify = caFile == nil
                return configuration
            }
        backends = configurations.map(\.name)
        var tracing = Tracing()
        if options.spans == .none { tracing.sampler = .alwaysOff }
        reactor = try Reactor(
            configurations: configurations,
            meter: meter,
            sink: sink,
            log: SilentLog(),
            tracing: tracing,
            // As in the agent, which always has one.
            feed: EventFeed()
        )
        reactor.run()
        pipeline?.start()
    }

    /// Attaches so many sessions, to one backend after the other.
    func attach(_ count: Int, startingAt first: Int = 0) async {
        for number in first..<first + count {
            let backend = number % backends.count
            let session = ConstantRequest.session(number, of: backends[backend])
            _ = await reactor.attach(session, to: BackendIndex(backend))
        }
    }

    func stop() async {
        await reactor.shutdown(within: .seconds(1))
        await pipeline?.shutdown(within: .seconds(1))
    }
}
