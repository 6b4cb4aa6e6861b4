// SPDX-License-Identifier: Apache-2.0

internal import JSONText
internal import Telemetry
internal import Transfer

extension ExportPipeline {
    /// Sends one span, one log record or one metric point, all named `telemetry_test`, once, and says what became of it. It
    /// needs no `start`; statistics and exports under way are not touched.
    public nonisolated func sendTest(of signal: Signal) async -> ExportVerdict {
        startThread()
        return await test(signal)
    }

    private func test(_ signal: Signal) async -> ExportVerdict {
        guard let destination = configuration[signal] else { return .notConfigured }
        let exporter: OTLPExporter
        do throws(TransferError) {
            exporter = try OTLPExporter(signal, destination, configuration, pool: pool)
        } catch {
            return .unreachable(TransportFailure(error), details: error.description)
        }
        defer { exporter.close() }
        var writer = JSONWriter()
        exporter.encode(testBatch(signal), configuration, into: &writer)
        var body = writer.bytes
        let isCompressed = exporter.isCompressing
        // Compressed however short it is: a receiver that cannot inflate is to be found out now.
        if isCompressed { gzip.compress(writer.bytes, into: &body) }
        let result = await exporter.send(body, isCompressed: isCompressed, timeout: destination.timeout, now: now)
        return ExportVerdict(result)
    }

    private func testBatch(_ signal: Signal) -> ExportBatch {
        let (name, time) = ("telemetry_test", now())
        let scope = InstrumentationScope(name: "OTLPExport", version: OTLPConfiguration.exporterVersion)
        switch signal {
        case .traces:
            var generator = SystemRandomNumberGenerator()
            return .spans([Span(scope: scope, context: .root(using: &generator), name: name, start: time, end: time)])
        case .logs:
            return .logs([LogRecord(scope: scope, time: time, severity: .info, body: .string(name))])
        case .metrics:
            let description = InstrumentDescription(name: name, unit: "{test}", description: "Telemetry arrives.")
            let metric = MetricSnapshot.Metric(description, .gauge([NumberPoint(attributes: .empty, value: .int(1))]))
            return .metrics(MetricSnapshot(scope: scope, start: time, time: time, metrics: [metric]))
        }
    }
}
