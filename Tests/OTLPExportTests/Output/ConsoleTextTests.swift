// SPDX-License-Identifier: Apache-2.0

import JSONText
import Synchronization
import Telemetry
import Testing
import Transfer

@testable import OTLPExport

/// Telemetry as people read it.
struct ConsoleTextTests {
    private static let scope = InstrumentationScope(name: "tests")
    /// 2026-11-25T20:23:01.045Z
    private static let time: UInt64 = 1_795_638_181_045_000_000
    private static let context = SpanContext(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3))

    private static var pool: TransferPool { TransferPool(executor: PollExecutor(name: "test")) }

    /// The lines of a batch, by the way that it takes to stdout.
    private static func lines(_ batch: ExportBatch, _ signal: Signal) throws -> [String] {
        var configuration = OTLPConfiguration()
        configuration[signal] = OTLPConfiguration.Destination(output: .console)
        var writer = JSONWriter()
        let exporter = try OTLPExporter(
            signal,
            OTLPConfiguration.Destination(output: .console),
            configuration,
            pool: pool
        )
        #expect(!exporter.isCompressing)
        #expect(exporter.displayName == "stdout")
        exporter.encode(batch, configuration, into: &writer)
        return String(decoding: writer.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func `a span is a line with its duration, its failure and its attributes`() throws {
        var span = Span(
            scope: Self.scope,
            context: Self.context,
            name: "ping",
            start: Self.time,
            end: Self.time + 12_345_678
        )
        span.parent = SpanID(4)
        span.status = .error("timeout")
        span.attributes = [Attribute("a", "x"), Attribute("b", .int(-5)), Attribute("c", .strings(["p", "q r"]))]
        let plain = Span(
            scope: Self.scope,
            context: Self.context,
            name: "tools/call x",
            start: Self.time,
            end: Self.time
        )
        let ids = "trace_id=00000000000000010000000000000002 span_id=0000000000000003"
        #expect(
            try Self.lines(.spans([span, plain]), .traces) == [
                "2026-11-25T20:23:01.045Z SPAN ping 12.345ms ERROR(timeout) \(ids) parent_span_id=0000000000000004 "
                    + #"a=x b=-5 c=[p,"q r"]"#,
                #"2026-11-25T20:23:01.045Z SPAN "tools/call x" 0.000ms \#(ids)"#,
            ]
        )
    }

    @Test func `a log record is a line, and what it holds cannot write others`() throws {
        let event = LogRecord(
            scope: Self.scope,
            time: Self.time,
            severity: .warning,
            body: .string("lost\n\u{1B}[31m"),
            eventName: "keepalive.session.lost",
            attributes: [Attribute("ok", .bool(true)), Attribute("d", .double(0.5))]
        )
        #expect(
            try Self.lines(.logs([event]), .logs) == [
                #"2026-11-25T20:23:01.045Z LOG WARN keepalive.session.lost "lost\n\u001b[31m" ok=true d=0.5"#
            ]
        )
    }

    @Test func `each point of a metric is a line`() throws {
        let meter = Meter(scope: Self.scope, startTime: 1)
        meter.counter("requests_total", unit: "{request}").series(for: ["k": "v"]).add(3)
        let histogram = meter.histogram("wait", unit: "ms", bounds: [1, 10]).series()
        histogram.record(4)
        histogram.record(8)
        #expect(
            try Self.lines(.metrics(meter.collect(at: Self.time)), .metrics) == [
                "2026-11-25T20:23:01.045Z METRIC requests_total{k=v} 3 {request}",
                "2026-11-25T20:23:01.045Z METRIC wait{} count=2 sum=12.0 min=4.0 max=8.0 ms",
            ]
        )
    }

    @Test(arguments: [
        (UInt64(0), "1970-01-01T00:00:00.000Z"), (951_782_399_999_999_999, "2000-02-28T23:59:59.999Z"),
        (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"), (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
        (.max, "2554-07-21T23:34:33.709Z"),
    ])
    func `times are those of the Gregorian calendar`(_ nanoseconds: UInt64, _ text: String) {
        #expect(ConsoleTime.text(nanoseconds) == text)
    }

    @Test func `lines of OTLP JSON are what a collector would get`() throws {
        let configuration = OTLPConfiguration()
        let destination = OTLPConfiguration.Destination(output: .lines)
        let exporter = try OTLPExporter(.logs, destination, configuration, pool: Self.pool)
        let record = LogRecord(scope: Self.scope, time: Self.time, severity: .info, body: "hello")
        var (line, request) = (JSONWriter(), JSONWriter())
        exporter.encode(.logs([record]), configuration, into: &line)
        ExportBatch.logs([record]).encode(configuration, into: &request)
        #expect(line.bytes == request.bytes)
        #expect(!line.bytes.contains(0x0A))
    }

    @Test func `a pipeline without destinations starts no thread and ends at once`() async throws {
        var configuration = OTLPConfiguration()
        configuration.apply(OTLPEnvironment(["OTEL_SDK_DISABLED": "true"]))
        let pipeline = try ExportPipeline(configuration, metrics: { _ in [] })
        pipeline.start()
        let isExporting = pipeline.isExporting.load(ordering: .relaxed)
        #expect(!isExporting)
        pipeline.enqueue(Span(scope: Self.scope, context: Self.context, name: "s", start: 1, end: 2))
        #expect(await pipeline.forceFlush())
        #expect(await pipeline.shutdown())
        #expect(pipeline.statistics(of: .traces) == ExportStatistics())
    }
}
