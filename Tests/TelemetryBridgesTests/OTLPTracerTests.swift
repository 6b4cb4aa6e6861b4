// SPDX-License-Identifier: Apache-2.0

import Telemetry
import TelemetryBridges
import Testing
import Tracing

struct OTLPTracerTests {
    private enum Failure: Error { case noTea }

    private let sink = RecordingSink()

    private func time(_ nanoseconds: UInt64) -> DefaultTracerClock.Timestamp {
        DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: nanoseconds)
    }

    @Test func `a span is exported when it ends, with all that was said about it`() throws {
        let span = OTLPTracer(sink, scope: InstrumentationScope(name: "kettle")).startSpan(
            "brew",
            context: .topLevel,
            ofKind: .client,
            at: time(10)
        )
        span.operationName = "brew tea"
        span.attributes["kind"] = "oolong"
        span.updateAttributes { $0["cups"] = 2 }
        span.addEvent(Tracing.SpanEvent(name: "boils", at: time(15), attributes: ["celsius": 99.5]))
        span.setStatus(Tracing.SpanStatus(code: .error, message: "cold"))
        #expect(span.isRecording)
        #expect(sink.spans.isEmpty)
        span.end(at: time(30))
        let exported = try #require(sink.spans.first)
        #expect(exported.name == "brew tea")
        #expect(exported.scope.name == "kettle")
        #expect(exported.kind == .client)
        #expect((exported.start, exported.end) == (10, 30))
        #expect(exported.parent == nil)
        #expect(exported.context.flags == [.sampled, .random])
        #expect(exported.attributes == [Attribute("cups", 2), Attribute("kind", "oolong")])
        #expect(
            exported.events == [Telemetry.SpanEvent(name: "boils", time: 15, attributes: [Attribute("celsius", 99.5)])]
        )
        #expect(exported.status == .error("cold"))
    }

    @Test func `nothing changes a span that ended`() throws {
        let span = OTLPTracer(sink).startSpan("brew", context: .topLevel, at: time(10))
        span.end(at: time(5))
        span.operationName = "pour"
        span.attributes["kind"] = "oolong"
        span.addEvent("boils")
        span.setStatus(Tracing.SpanStatus(code: .ok))
        span.end(at: time(50))
        #expect(!span.isRecording)
        #expect(sink.spans.count == 1)
        let exported = try #require(sink.spans.first)
        // A clock that was set back does not end a span before it began.
        #expect((exported.name, exported.end, exported.status) == ("brew", 10, .unset))
        #expect(exported.attributes.isEmpty && exported.events.isEmpty)
        #expect(span.operationName == "brew")
    }

    @Test func `spans inside spans are their children`() throws {
        let tracer = OTLPTracer(sink)
        tracer.withSpan("outer") { outer in
            #expect(ServiceContext.current.flatMap { tracer.activeSpan(identifiedBy: $0) } === outer)
            tracer.withSpan("inner") { _ in }
        }
        let spans = sink.spans
        try #require(spans.map(\.name) == ["inner", "outer"])
        #expect(spans[0].parent == spans[1].context.spanID)
        #expect(spans[0].context.traceID == spans[1].context.traceID)
        #expect(spans[0].context.spanID != spans[1].context.spanID)
        #expect(!spans[0].parentIsRemote)
    }

    @Test func `an error that is thrown becomes an event and the status`() throws {
        #expect(throws: Failure.self) {
            try OTLPTracer(sink).withSpan("brew") { _ in throw Failure.noTea }
        }
        let span = try #require(sink.spans.first)
        let event = try #require(span.events.first)
        #expect(event.name == "exception")
        #expect(AttributeSet(event.attributes)["exception.message"] == "noTea")
        #expect(span.status == .error(""))
    }

    @Test func `a success that was declared stays one`() {
        let span = OTLPTracer(sink).startSpan("brew")
        span.setStatus(Tracing.SpanStatus(code: .error, message: "cold"))
        span.setStatus(Tracing.SpanStatus(code: .ok))
        span.setStatus(Tracing.SpanStatus(code: .error))
        span.end()
        #expect(sink.spans.first?.status == .ok)
    }

    @Test func `links name other spans`() throws {
        let tracer = OTLPTracer(sink)
        let other = tracer.startSpan("other")
        let span = tracer.startSpan("brew")
        span.addLink(other, attributes: ["why": "tea"])
        span.addLink(Tracing.SpanLink(context: .topLevel, attributes: [:]))
        span.end()
        #expect(sink.spans.first?.links == [SpanLink(other.spanContext, attributes: [Attribute("why", "tea")])])
    }

    @Test func `events and links beyond the limits are counted and not kept`() throws {
        var limits = SpanLimits()
        limits.events = 2
        limits.links = 1
        let tracer = OTLPTracer(sink, limits: limits)
        let span = tracer.startSpan("brew")
        for _ in 0..<5 {
            span.addEvent("boils")
            span.addLink(tracer.startSpan("other"))
        }
        span.end()
        let exported = try #require(sink.spans.first)
        #expect((exported.events.count, exported.droppedEvents) == (2, 3))
        #expect((exported.links.count, exported.droppedLinks) == (1, 4))
    }

    @Test func `the sampler decides, with the trace and the parent before it`() throws {
        let tracer = OTLPTracer(
            sink,
            sampling: { traceID, parent in parent?.flags.contains(.sampled) ?? (traceID.high == 1) },
            random: { 1 }
        )
        tracer.withSpan("sampled") { _ in tracer.withSpan("child") { _ in } }
        #expect(sink.spans.map(\.name) == ["child", "sampled"])
        let never = OTLPTracer(sink, sampling: { _, _ in false })
        never.withSpan("not sampled") { span in
            #expect(!span.isRecording)
            #expect(span.spanContext.flags == .random)
            // What nobody records still has ids, which are carried on, and its children follow it by default.
            OTLPTracer(sink).withSpan("child") { child in
                #expect(child.spanContext.traceID == span.spanContext.traceID)
                #expect(!child.isRecording)
            }
        }
        #expect(sink.spans.count == 2)
    }

    @Test func `attributes keep their types`() {
        let span = OTLPTracer(sink).startSpan("brew")
        span.attributes = [
            "a": .int32(1), "b": .int64(2), "c": .int32Array([3]), "d": .int64Array([4]), "e": .double(0.5),
            "f": .doubleArray([0.25]), "g": .bool(true), "h": .boolArray([false]), "i": .string("s"),
            "j": .stringArray(["t"]),
            "k": .stringConvertible(7), "l": .stringConvertibleArray([8, 9]),
        ]
        span.end()
        #expect(
            sink.spans.first?.attributes.map(\.value) == [
                1, 2, .ints([3]), .ints([4]), 0.5, .doubles([0.25]), true, .bools([false]), "s", .strings(["t"]), 7,
                .ints([8, 9]),
            ]
        )
    }

    @Test func `a span that is dropped is freed`() {
        weak var forgotten: OTLPSpan?
        do {
            let span = OTLPTracer(sink).startSpan("brew")
            _ = span.context
            forgotten = span
            span.end()
        }
        #expect(forgotten == nil)
    }

    @Test func `several threads may work on one span`() async throws {
        let tracer = OTLPTracer(sink)
        let span = tracer.startSpan("brew")
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    for step in 0..<50 {
                        span.addEvent(Tracing.SpanEvent(name: "\(task).\(step)"))
                        span.updateAttributes { $0["k\(task)"] = step }
                        if step == 49, task < 2 { span.end() }
                    }
                }
            }
        }
        #expect(sink.spans.count == 1)
        let exported = try #require(sink.spans.first)
        #expect(exported.events.count + exported.droppedEvents <= 400)
        #expect(exported.events.count >= 50)
    }
}
