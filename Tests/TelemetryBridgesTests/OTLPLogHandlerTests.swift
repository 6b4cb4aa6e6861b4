// SPDX-License-Identifier: Apache-2.0

import Logging
import OTLPExport
import Telemetry
import TelemetryBridges
import Testing
import Tracing

struct OTLPLogHandlerTests {
    private struct Failure: Error, CustomStringConvertible {
        let description = "no tea"
    }

    private let sink = RecordingSink()

    private func logger(_ configure: (inout OTLPLogHandler) -> Void = { _ in }) -> Logger {
        var handler = OTLPLogHandler(label: "kettle", sink: sink, level: .trace, recordsCodeLocation: false) { 42 }
        configure(&handler)
        return Logger(label: "kettle") { [handler] _ in handler }
    }

    @Test(
        arguments: zip(Logger.Level.allCases, [1, 5, 9, 10, 13, 17, 18] as [UInt8])
    ) func `levels have the severity numbers of the log data model`(_ level: Logger.Level, _ number: UInt8) throws {
        logger().log(level: level, "tea")
        let record = try #require(sink.logs.first)
        #expect(record.severity.rawValue == number)
        #expect(record.body == "tea")
        #expect((record.time, record.observedTime) == (42, 42))
        #expect(record.scope.name == "kettle")
        #expect(record.eventName.isEmpty)
        #expect(record.context == nil)
    }

    @Test func `less important messages are left out`() {
        let logger = logger { $0.logLevel = .warning }
        logger.info("no")
        logger.warning("yes")
        #expect(sink.logs.map(\.body) == ["yes"])
    }

    @Test func `metadata become attributes with types, in the order of their keys`() {
        logger().info(
            "tea",
            metadata: [
                "z": "text", "int": .stringConvertible(7), "double": .stringConvertible(0.5),
                "big": .stringConvertible(UInt64.max),
                "bool": .stringConvertible(true), "map": ["b": "1", "a": ["deep": "2"]], "list": ["x", "y"],
                "ints": [.stringConvertible(1), .stringConvertible(2)], "mixed": [.stringConvertible(1), "a"],
            ]
        )
        #expect(
            sink.logs.first?.attributes == [
                Attribute("big", "18446744073709551615"), Attribute("bool", true), Attribute("double", 0.5),
                Attribute("int", 7),
                Attribute("ints", .ints([1, 2])), Attribute("list", .strings(["x", "y"])), Attribute("map.a.deep", "2"),
                Attribute("map.b", "1"), Attribute("mixed", .strings(["1", "a"])), Attribute("z", "text"),
            ]
        )
    }

    @Test func `what the statement says counts more than the provider, and that more than the logger`() {
        var logger = logger {
            $0.metadataProvider = Logger.MetadataProvider { ["b": "provider", "c": "provider"] }
        }
        for key in ["a", "b", "c"] { logger[metadataKey: key] = "logger" }
        #expect(logger[metadataKey: "a"] == "logger")
        logger.info("tea", metadata: ["c": "statement"])
        #expect(
            sink.logs.first?.attributes == [
                Attribute("a", "logger"), Attribute("b", "provider"), Attribute("c", "statement"),
            ]
        )
    }

    @Test func `the key event.name makes an event`() throws {
        logger().warning("lost", metadata: ["event.name": "session.lost", "n": "1"])
        let record = try #require(sink.logs.first)
        #expect(record.eventName == "session.lost")
        #expect(record.attributes == [Attribute("n", "1")])
    }

    @Test func `an error becomes the attributes of an exception`() {
        logger().error("failed", error: Failure())
        let attributes = AttributeSet(sink.logs.first?.attributes ?? [])
        #expect(attributes["exception.message"] == "no tea")
        #expect(attributes.attributes.last?.value.description.contains("Failure") == true)
    }

    @Test func `the place in the code is recorded unless metadata say something else`() throws {
        let logger = Logger(label: "kettle") { OTLPLogHandler(label: $0, sink: sink) }
        logger.info("tea", metadata: ["code.function.name": "pour"])
        let attributes = AttributeSet(try #require(sink.logs.first).attributes)
        #expect(attributes["code.file.path"] == .string(#fileID))
        #expect(attributes["code.line.number"] == .int(#line - 3))
        #expect(attributes["code.function.name"] == "pour")
    }

    @Test func `a record bears the ids of the current span`() throws {
        let tracer = OTLPTracer(sink)
        tracer.withSpan("brew") { _ in logger().info("tea") }
        let span = try #require(sink.spans.first)
        #expect(sink.logs.first?.context == span.context)
        var context = ServiceContext.topLevel
        context.spanContext = SpanContext(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3))
        ServiceContext.withValue(context) { logger().info("tea") }
        #expect(sink.logs.last?.context == context.spanContext)
    }

    @Test func `what is logged while an export reports on itself is left out`() {
        ExportReport.$isUnderWay.withValue(true) { logger().error("export fails") }
        #expect(sink.logs.isEmpty)
        logger().error("tea")
        #expect(sink.logs.count == 1)
    }
}

extension AttributeValue {
    fileprivate var description: String { "\(self)" }
}
