// SPDX-License-Identifier: Apache-2.0

/// A log record or, with an `eventName`, an event.
public struct LogRecord: Sendable {
    /// What recorded it.
    public var scope: InstrumentationScope
    /// When it happened, in nanoseconds since 1970; 0 when unknown.
    public var time: UInt64
    /// When it was recorded, in nanoseconds since 1970; always exported.
    public var observedTime: UInt64
    /// How serious it is.
    public var severity: Severity
    /// The text for people, or nothing.
    public var body: AttributeValue?
    /// The name that identifies the kind of event; empty for an ordinary record.
    public var eventName: String
    /// Attributes that many records have in common, rendered once.
    public var sharedAttributes: AttributeSet = .empty
    /// Attributes of this record alone; no key of these may be in `sharedAttributes` or occur twice.
    public var attributes: [Attribute]
    /// The span during which it was recorded.
    public var context: SpanContext?

    /// A record; `observedTime` is `time` unless it is given.
    public init(
        scope: InstrumentationScope,
        time: UInt64,
        observedTime: UInt64? = nil,
        severity: Severity,
        body: AttributeValue? = nil,
        eventName: String = "",
        attributes: [Attribute] = [],
        context: SpanContext? = nil
    ) {
        self.scope = scope
        self.time = time
        self.observedTime = observedTime ?? time
        self.severity = severity
        self.body = body
        self.eventName = eventName
        self.attributes = attributes
        self.context = context
    }

    /// About how many bytes it takes in memory and as JSON, for bounding queues.
    public var approximateByteCount: Int {
        256 + eventName.utf8.count + (body?.approximateByteCount ?? 0) + sharedAttributes.json.count
            + attributes.approximateByteCount
    }
}
