// SPDX-License-Identifier: Apache-2.0

package import JSONText

extension OTLPJSON {
    /// The body of a request to `v1/traces`; empty when there are no spans.
    public static func encode(
        spans: [Span],
        resource: Resource,
        limits: SpanLimits = SpanLimits()
    ) -> [UInt8] {
        var writer = JSONWriter()
        encode(spans: spans, resource: resource, limits: limits, into: &writer)
        return writer.bytes
    }

    /// Appends the body of a request to `v1/traces`; nothing when there are no spans.
    package static func encode(
        spans: [Span],
        resource: Resource,
        limits: SpanLimits = SpanLimits(),
        into writer: inout JSONWriter
    ) {
        writer.envelope(spans, resource, names: ("resourceSpans", "scopeSpans", "spans"), scope: { $0.scope }) {
            $0.span($1, limits)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func span(_ span: Span, _ limits: SpanLimits) {
        beginObject()
        traceID(span.context.traceID)
        spanID(span.context.spanID)
        text("traceState", span.context.traceState)
        if let parent = span.parent { spanID(parent, key: "parentSpanId") }
        flags(span.context.flags, isRemote: span.parentIsRemote)
        key("name")
        string(span.name)
        key("kind")
        integer(Int(span.kind.rawValue))
        key("startTimeUnixNano")
        integerString(span.start)
        key("endTimeUnixNano")
        integerString(span.end)
        attributes(
            span.sharedAttributes,
            span.attributes,
            limit: limits.attributes,
            valueLength: limits.valueLength
        )
        if !span.events.isEmpty { events(span.events, limits) }
        if !span.links.isEmpty { links(span.links, limits) }
        switch span.status {
        case .unset: break
        case .ok: raw(literal: #""status":{"code":1}"#)
        case .error(let message):
            key("status")
            beginObject()
            text("message", message)
            raw(literal: #""code":2}"#)
        }
        endObject()
    }

    private mutating func events(_ events: [SpanEvent], _ limits: SpanLimits) {
        list("events", dropped: "droppedEventsCount", events, limit: limits.events) { writer, event in
            writer.beginObject()
            writer.key("timeUnixNano")
            writer.integerString(event.time)
            writer.text("name", event.name)
            writer.attributes(
                .empty,
                event.attributes,
                limit: limits.attributesOfEventsAndLinks,
                valueLength: limits.valueLength
            )
            writer.endObject()
        }
    }

    private mutating func links(_ links: [SpanLink], _ limits: SpanLimits) {
        list("links", dropped: "droppedLinksCount", links, limit: limits.links) { writer, link in
            writer.beginObject()
            writer.traceID(link.context.traceID)
            writer.spanID(link.context.spanID)
            writer.text("traceState", link.context.traceState)
            writer.attributes(
                .empty,
                link.attributes,
                limit: limits.attributesOfEventsAndLinks,
                valueLength: limits.valueLength
            )
            writer.flags(link.context.flags, isRemote: link.isRemote)
            writer.endObject()
        }
    }

    private mutating func list<Element>(
        _ name: StaticString,
        dropped: StaticString,
        _ elements: [Element],
        limit: Int,
        write: (inout JSONWriter, Element) -> Void
    ) {
        let kept = elements.prefix(max(0, limit))
        if !kept.isEmpty {
            key(name)
            beginArray()
            for element in kept { write(&self, element) }
            endArray()
        }
        if kept.count < elements.count {
            key(dropped)
            integer(elements.count - kept.count)
        }
    }
}
