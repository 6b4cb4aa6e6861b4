// SPDX-License-Identifier: Apache-2.0

/// A finished span.
///
/// The module's name distinguishes it where the standard library's `Span` is used as well: `Telemetry.Span`, `Swift.Span`.
public struct Span: Sendable {
    /// What recorded it.
    public var scope: InstrumentationScope
    /// Its ids.
    public var context: SpanContext
    /// The span that caused it; nil for the root of a trace.
    public var parent: SpanID?
    /// Whether the parent is a span of another process.
    public var parentIsRemote = false
    /// What was done; few different ones.
    public var name: String
    /// How it relates to others.
    public var kind: SpanKind
    /// When it began, in nanoseconds since 1970.
    public var start: UInt64
    /// When it ended, in nanoseconds since 1970; not before `start`.
    public var end: UInt64
    /// Attributes that many spans have in common, rendered once.
    public var sharedAttributes: AttributeSet = .empty
    /// Attributes of this span alone; no key of these may be in `sharedAttributes` or occur twice.
    public var attributes: [Attribute] = []
    /// What happened meanwhile.
    public var events: [SpanEvent] = []
    /// Other spans it refers to.
    public var links: [SpanLink] = []
    /// How many events there were that are not among `events`.
    public var droppedEvents = 0
    /// How many links there were that are not among `links`.
    public var droppedLinks = 0
    /// What came of it.
    public var status: SpanStatus = .unset

    /// A span; the other properties can be set afterwards.
    public init(
        scope: InstrumentationScope,
        context: SpanContext,
        parent: SpanID? = nil,
        name: String,
        kind: SpanKind = .internal,
        start: UInt64,
        end: UInt64
    ) {
        self.scope = scope
        self.context = context
        self.parent = parent
        self.name = name
        self.kind = kind
        self.start = start
        self.end = end
    }

    /// About how many bytes it takes in memory and as JSON, for bounding queues.
    public var approximateByteCount: Int {
        var count = 320 + name.utf8.count + sharedAttributes.json.count + attributes.approximateByteCount
        for event in events {
            count += 96 + event.name.utf8.count + event.attributes.approximateByteCount
        }
        for link in links {
            count += 128 + link.context.traceState.utf8.count + link.attributes.approximateByteCount
        }
        if case .error(let message) = status { count += message.utf8.count }
        return count
    }
}
