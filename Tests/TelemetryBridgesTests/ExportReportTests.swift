// SPDX-License-Identifier: Apache-2.0

import KeepaliveTesting
import Logging
import OTLPExport
import Telemetry
import TelemetryBridges
import Testing
import Tracing

/// What the pipeline and what is built on it do when the observer itself records telemetry.
@Suite(.timeLimit(.minutes(1))) struct ExportReportTests {
    @Test func `an export that fails never feeds its own pipeline`() async throws {
        let refusing = try RefusingPort()
        var configuration = OTLPConfiguration(endpoint: "http://127.0.0.1:\(refusing.port)")
        // No time for a second attempt, so that the first failure is told at once.
        configuration.exportTimeout = .milliseconds(1)
        let told = Recorder(0)
        let handed = Recorder<ExportPipeline?>(nil)
        let pipeline = try ExportPipeline(configuration, metrics: { _ in [] }) { change in
            guard let pipeline = handed.record else { return }
            let logger = Logger(label: "export") { OTLPLogHandler(label: $0, sink: pipeline) }
            logger.warning("\(change)")
            OTLPTracer(pipeline).withSpan("report") { _ in }
            // Whatever the observer starts is about the export, too.
            Task {
                logger.warning("\(change)")
                told.change { $0 += 1 }
            }
        }
        handed.change { $0 = pipeline }
        pipeline.start()
        let logger = Logger(label: "kettle") { OTLPLogHandler(label: $0, sink: pipeline) }
        logger.info("tea")
        await pipeline.forceFlush()
        try await told.wait { $0 > 0 }
        await pipeline.shutdown()
        let logs = pipeline.statistics(of: .logs)
        #expect((logs.exported, logs.failedTotal, logs.droppedTotal, logs.queued) == (0, 1, 0, 0))
        let spans = pipeline.statistics(of: .traces)
        #expect((spans.failedTotal, spans.droppedTotal, spans.queued) == (0, 0, 0))
        handed.change { $0 = nil }
    }
}
