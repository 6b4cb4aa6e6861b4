// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import OTLPExport
import Telemetry
import TelemetryBridges
import Testing
import Tracing

struct StandardErrorLogHandlerTests {
    private typealias Format = StandardErrorLogHandler.Format

    /// What loggers with such a handler write.
    private func written(_ format: Format, level: Logger.Level = .info, _ body: (Logger) -> Void) throws -> String {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        defer { close(ends[0]) }
        let output = ends[1]
        let handler = StandardErrorLogHandler(label: "kettle", format: format, level: level, descriptor: output) {
            1_800_000_000_123_000_000
        }
        body(Logger(label: "kettle") { _ in handler })
        close(output)
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe read(ends[0], &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    @Test(arguments: [
        (Format.pretty, "08:00:00.123 NOTE  tea is ready  logger=kettle cups=2 kind=\"oo long\"\n"),
        (
            .logfmt,
            "time=2027-01-15T08:00:00.123Z level=notice event=tea.ready msg=\"tea is ready\" logger=kettle cups=2 "
                + "kind=\"oo long\"\n"
        ),
        (
            .json,
            #"{"time":"2027-01-15T08:00:00.123Z","level":"notice","event":"tea.ready","msg":"tea is ready","#
                + #""logger":"kettle","cups":"2","kind":"oo long"}"# + "\n"
        ),
    ]) private func `writes three formats`(_ format: Format, _ line: String) throws {
        let text = try written(format) {
            $0.notice(
                "tea is ready",
                metadata: ["event.name": "tea.ready", "kind": "oo long", "cups": .stringConvertible(2)]
            )
        }
        #expect(text == line)
    }

    @Test func `writes what is important enough, under the name of its level`() throws {
        let text = try written(.logfmt, level: .trace) { logger in
            for level in Logger.Level.allCases { logger.log(level: level, "m") }
        }
        let levels = text.split(separator: "\n").map { $0.split(separator: " ")[1] }
        #expect(levels == Logger.Level.allCases.map { "level=\($0.rawValue)" })
        #expect(try written(.logfmt, level: .error) { $0.warning("m") }.isEmpty)
    }

    @Test func `lines that are read by programs bear the ids of the current span`() throws {
        let sink = RecordingSink()
        let text = try written(.logfmt) { logger in OTLPTracer(sink).withSpan("brew") { _ in logger.info("m") } }
        let span = try #require(sink.spans.first)
        #expect(text.contains(" trace_id=\(span.context.traceID) span_id=\(span.context.spanID)\n"))
    }

    @Test(arguments: Format.allCases) private func `nothing makes a line two lines or one fact two`(_ format: Format)
        throws
    {
        let text = try written(format) { $0.info("a\nb", metadata: ["x\ny=1 z": "c\nd", "event.name": "e\nf"]) }
        #expect(text.count { $0 == "\n" } == 1)
        #expect(format == .json || text.contains("x_y_1_z="))
    }

    @Test func `tells of exports that fail`() throws {
        let text = try written(.pretty) { logger in
            ExportReport.$isUnderWay.withValue(true) { logger.warning("export fails") }
        }
        #expect(text.contains("export fails"))
    }
}
