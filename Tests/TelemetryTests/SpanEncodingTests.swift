// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

@Suite struct SpanEncodingTests {
    private let ids = #""traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331""#
    private let times = #""startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000000000005""#

    @Test func `writes a span without anything optional`() {
        #expect(Samples.body(Samples.span()) == #"{\#(ids),"flags":257,"name":"ping","kind":3,\#(times)}"#)
    }

    @Test func `writes a span with everything`() {
        var span = Samples.span(name: "tools/call a\"b")
        span.context.flags = [.sampled, .random]
        span.context.traceState = "v=1"
        span.parent = SpanID(1)
        span.parentIsRemote = true
        span.sharedAttributes = ["backend": "db"]
        span.attributes = [Attribute("n", 3)]
        span.events = [SpanEvent(name: "e", time: 7, attributes: [Attribute("x", true)]), SpanEvent(name: "", time: 0)]
        span.links = [SpanLink(Samples.context, isRemote: true, attributes: [Attribute("y", 0.5)])]
        span.status = .error("no answer")
        let expected =
            #"{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","traceState":"v=1","#
            + #""parentSpanId":"0000000000000001","flags":771,"name":"tools/call a\"b","kind":3,\#(times),"#
            + #""attributes":[{"key":"backend","value":{"stringValue":"db"}},{"key":"n","value":{"intValue":"3"}}],"#
            + #""events":[{"timeUnixNano":"7","name":"e","attributes":[{"key":"x","value":{"boolValue":true}}]},"#
            + #"{"timeUnixNano":"0"}],"links":[{\#(ids),"attributes":[{"key":"y","value":{"doubleValue":0.5}}],"flags":769}],"#
            + #""status":{"message":"no answer","code":2}}"#
        #expect(Samples.body(span) == expected)
    }

    @Test(arguments: [
        (SpanStatus.unset, ""), (.ok, #","status":{"code":1}"#), (.error(""), #","status":{"code":2}"#),
    ]) func `leaves out what is default in the status`(status: SpanStatus, expected: String) {
        var span = Samples.span()
        span.status = status
        #expect(Samples.body(span) == #"{\#(ids),"flags":257,"name":"ping","kind":3,\#(times)\#(expected)}"#)
    }

    @Test func `counts what is beyond the limits as dropped`() {
        var span = Samples.span()
        span.sharedAttributes = ["a": 1, "b": 2]
        span.attributes = [Attribute("c", "xyz"), Attribute("d", 4)]
        span.events = [SpanEvent(name: "1", time: 1), SpanEvent(name: "2", time: 2)]
        span.links = [SpanLink(Samples.context), SpanLink(Samples.context)]
        var limits = SpanLimits()
        limits.attributes = 3
        limits.events = 1
        limits.links = 0
        limits.valueLength = 2
        let expected =
            #","attributes":[{"key":"a","value":{"intValue":"1"}},{"key":"b","value":{"intValue":"2"}},"#
            + #"{"key":"c","value":{"stringValue":"xy"}}],"droppedAttributesCount":1,"#
            + #""events":[{"timeUnixNano":"1","name":"1"}],"droppedEventsCount":1,"droppedLinksCount":2}"#
        #expect(Samples.body(span, limits: limits).hasSuffix(expected))
        limits.attributes = 1
        #expect(
            Samples.body(span, limits: limits).contains(
                #","attributes":[{"key":"a","value":{"intValue":"1"}}],"droppedAttributesCount":3"#
            )
        )
    }

    @Test func `counts what never was kept together with what is beyond the limits`() {
        var span = Samples.span()
        span.events = [SpanEvent(name: "1", time: 1), SpanEvent(name: "2", time: 2)]
        span.droppedEvents = 3
        span.droppedLinks = 5
        var limits = SpanLimits()
        limits.events = 1
        let expected = #","events":[{"timeUnixNano":"1","name":"1"}],"droppedEventsCount":4,"droppedLinksCount":5}"#
        #expect(Samples.body(span, limits: limits).hasSuffix(expected))
    }

    @Test func `groups spans by scope and never writes an empty envelope`() {
        let other = InstrumentationScope(name: "b", attributes: ["k": 1], schemaURL: "https://example.org/schema")
        var second = Samples.span()
        second.scope = other
        let resource = Resource(.empty, schemaURL: "https://example.org/resource")
        let text = Samples.text(OTLPJSON.encode(spans: [Samples.span(), Samples.span(), second], resource: resource))
        let span = #"{\#(ids),"flags":257,"name":"ping","kind":3,\#(times)}"#
        let expected =
            #"{"resourceSpans":[{"scopeSpans":[{"scope":{"name":"agent","version":"1.0"},"spans":[\#(span),\#(span)]},"#
            + #"{"scope":{"name":"b","attributes":[{"key":"k","value":{"intValue":"1"}}]},"spans":[\#(span)],"#
            + #""schemaUrl":"https://example.org/schema"}],"schemaUrl":"https://example.org/resource"}]}"#
        #expect(text == expected)
        #expect(OTLPJSON.encode(spans: [Telemetry.Span](), resource: resource).isEmpty)
    }

    @Test func `estimates a size that is near the JSON's`() {
        var span = Samples.span()
        span.sharedAttributes = ["backend": "db", "network.transport": "tcp"]
        span.attributes = [Attribute("k", .string(String(repeating: "x", count: 1000)))]
        span.events = [SpanEvent(name: "e", time: 1, attributes: [Attribute("y", 1)])]
        span.links = [SpanLink(Samples.context)]
        span.status = .error("broken")
        let actual = Samples.body(span).utf8.count
        #expect((actual..<actual * 3 / 2).contains(span.approximateByteCount))
    }
}
