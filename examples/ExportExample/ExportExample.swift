// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics
import OTLPExport
import Telemetry
import TelemetryBridges
import Tracing

/// Exports a span, a log record and a metric to the collector that the first argument names.
@main struct ExportExample {
    static func main() async throws {
        let endpoint = CommandLine.arguments.dropFirst().first ?? "http://127.0.0.1:4318"
        var configuration = OTLPConfiguration(endpoint: endpoint)
        configuration.resource = Resource(["service.name": "export-example"])
        let meter = Meter(scope: InstrumentationScope(name: "export-example"), startTime: SystemTime.nanoseconds())
        let pipeline = try ExportPipeline(configuration, meter: meter) { print($0) }
        LoggingSystem.bootstrap { OTLPLogHandler(label: $0, sink: pipeline) }
        MetricsSystem.bootstrap(OTLPMetricsFactory(meter))
        InstrumentationSystem.bootstrap(OTLPTracer(pipeline))
        pipeline.start()
        withSpan("brew", ofKind: .internal) { span in
            span.attributes["tea.kind"] = "oolong"
            Timer(label: "brew.duration").recordSeconds(0.25)
            Logger(label: "kettle").notice("tea is ready", metadata: ["event.name": "tea.ready"])
        }
        await pipeline.shutdown()
    }
}
