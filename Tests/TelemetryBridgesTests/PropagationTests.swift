// SPDX-License-Identifier: Apache-2.0

import Telemetry
import TelemetryBridges
import Testing
import Tracing

struct PropagationTests {
    private struct Headers: Injector, Extractor {
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    }

    private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    private let sink = RecordingSink()
    private var tracer: OTLPTracer { OTLPTracer(sink) }

    private func extracted(_ headers: [String: String]) -> ServiceContext {
        var context = ServiceContext.topLevel
        tracer.extract(headers, into: &context, using: Headers())
        return context
    }

    private func injected(_ context: ServiceContext) -> [String: String] {
        var headers: [String: String] = [:]
        tracer.inject(context, into: &headers, using: Headers())
        return headers
    }

    @Test func `a span goes on with the trace of the caller and hands it on`() throws {
        let context = extracted([
            "traceparent": " \(Self.parent) ", "tracestate": "vendor=1,other=2", "baggage": "user=7;secret=no",
        ])
        let span = tracer.startSpan("answer", context: context, ofKind: .server)
        let headers = injected(span.context)
        span.end()
        let exported = try #require(sink.spans.first)
        #expect(exported.context.traceID.description == "0af7651916cd43dd8448eb211c80319c")
        #expect(exported.parent?.description == "b7ad6b7169203331")
        #expect(exported.parentIsRemote)
        #expect(exported.context.traceState == "vendor=1,other=2")
        #expect(
            headers == [
                "traceparent": "00-0af7651916cd43dd8448eb211c80319c-\(exported.context.spanID)-01",
                "tracestate": "vendor=1,other=2", "baggage": "user=7;secret=no",
            ]
        )
        // A child of the local span has a local parent.
        tracer.startSpan("inner", context: span.context).end()
        #expect(sink.spans.last?.parentIsRemote == false)
    }

    @Test func `a link to the caller's span is a remote one`() throws {
        let span = tracer.startSpan("answer")
        span.addLink(SpanLink(context: extracted(["traceparent": Self.parent]), attributes: [:]))
        span.end()
        let link = try #require(sink.spans.first?.links.first)
        #expect(link.isRemote)
        #expect(link.context.spanID.description == "b7ad6b7169203331")
    }

    @Test func `the caller's decision against a trace holds`() {
        let context = extracted(["traceparent": "\(Self.parent.dropLast(2))00"])
        let span = tracer.startSpan("answer", context: context)
        span.end()
        #expect(sink.spans.isEmpty)
        #expect(injected(span.context)["traceparent"]?.hasSuffix("-00") == true)
    }

    @Test(arguments: [
        "", "00", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "\(parent)-more", "\(parent)\r\nX-Evil: 1",
    ]) func `a malformed parent is none, and its state goes with it`(_ text: String) {
        let context = extracted(["traceparent": text, "tracestate": "vendor=1"])
        #expect(context.spanContext == nil)
        #expect(injected(context).isEmpty)
    }

    @Test(arguments: ["a=1\r\nX-Evil: 1", "é", "\u{0}", String(repeating: "x", count: 9000)])
    func `what may not be a header is not handed on`(_ text: String) {
        let headers = injected(extracted(["traceparent": Self.parent, "tracestate": text, "baggage": text]))
        #expect(headers == ["traceparent": Self.parent])
    }

    @Test func `bits without a meaning are not handed on`() {
        let context = extracted(["traceparent": "\(Self.parent.dropLast(2))ff"])
        let span = tracer.startSpan("answer", context: context)
        #expect(injected(span.context)["traceparent"]?.hasSuffix("-03") == true)
    }

    @Test func `without a span nothing is handed on`() {
        #expect(injected(.topLevel).isEmpty)
        #expect(extracted([:]).spanContext == nil)
    }
}
