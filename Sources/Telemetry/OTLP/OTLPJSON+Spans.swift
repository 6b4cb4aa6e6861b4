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
        writer.envelope(spans, resource, names: ("resourceSpans", "scopeSpans", "spans"), scope: { $0[$1].scope }) {
            $0.span($1, $2, limits)
        }
    }
}

extension JSONWriter {
    /// Takes its place among others instead of the span: to pass a span means to copy it.
    @inline(__always)
    fileprivate mutating func span(_ spans: Swift.Span<Telemetry.Span>, _ index: Int, _ limits: SpanLimits) {
        beginObject()
        head(spans, index)
        attributes(
            spans[index].sharedAttributes,
            spans[index].attributes,
            limit: limits.attributes,
            valueLength: limits.valueLength
        )
        let (droppedEvents, droppedLinks) = (spans[index].droppedEvents, spans[index].droppedLinks)
        if !spans[index].events.isEmpty || droppedEvents > 0 { events(spans[index].events, droppedEvents, limits) }
        if !spans[index].links.isEmpty || droppedLinks > 0 { links(spans[index].links, droppedLinks, limits) }
        switch spans[index].status {
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

    /// From the ids to the times: 400 bytes are more than keys, ids and numbers take together.
    @inline(__always)
    private mutating func head(_ spans: Swift.Span<Telemetry.Span>, _ index: Int) {
        let room = 400 + JSONCursor.room(for: spans[index].name) + JSONCursor.room(for: spans[index].context.traceState)
        write(atMost: room) { cursor in
            cursor.literal(#""traceId":""#)
            cursor.hexadecimal(spans[index].context.traceID.high)
            cursor.hexadecimal(spans[index].context.traceID.low)
            cursor.literal(#"","spanId":""#)
            cursor.hexadecimal(spans[index].context.spanID.word)
            if !spans[index].context.traceState.isEmpty {
                cursor.literal(#"","traceState":"#)
                cursor.string(spans[index].context.traceState)
            } else {
                cursor.literal("\"")
            }
            if let parent = spans[index].parent {
                cursor.literal(#","parentSpanId":""#)
                cursor.hexadecimal(parent.word)
                cursor.literal("\"")
            }
            cursor.literal(#","flags":"#)
            cursor.integer(spans[index].context.flags.word(isRemote: spans[index].parentIsRemote))
            cursor.literal(#","name":"#)
            cursor.string(spans[index].name)
            cursor.literal(#","kind":"#)
            cursor.integer(UInt64(spans[index].kind.rawValue))
            cursor.literal(#","startTimeUnixNano":""#)
            cursor.integer(spans[index].start)
            cursor.literal(#"","endTimeUnixNano":""#)
            cursor.integer(spans[index].end)
            cursor.literal("\"")
        }
    }

    private mutating func events(_ events: [SpanEvent], _ dropped: Int, _ limits: SpanLimits) {
        list("events", dropped: ("droppedEventsCount", dropped), events, limit: limits.events) { writer, event in
            writer.beginObject()
            writer.key("timeUnixNano")
            writer.integerString(event.time)
            writer.text("name", event.name)
            writer.attributes(
                .empty,
                event.attributes,
                limit: limits.attributesPerEvent,
                valueLength: limits.valueLength
            )
            writer.endObject()
        }
    }

    private mutating func links(_ links: [SpanLink], _ dropped: Int, _ limits: SpanLimits) {
        list("links", dropped: ("droppedLinksCount", dropped), links, limit: limits.links) { writer, link in
            writer.beginObject()
            writer.traceID(link.context.traceID)
            writer.spanID(link.context.spanID)
            writer.text("traceState", link.context.traceState)
            writer.attributes(
                .empty,
                link.attributes,
                limit: limits.attributesPerLink,
                valueLength: limits.valueLength
            )
            writer.flags(link.context.flags, isRemote: link.isRemote)
            writer.endObject()
        }
    }

    private mutating func list<Element>(
        _ name: StaticString,
        dropped: (key: StaticString, count: Int),
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
        let missing = dropped.count + elements.count - kept.count
        if missing > 0 {
            key(dropped.key)
            integer(missing)
        }
    }
}
