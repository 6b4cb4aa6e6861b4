// SPDX-License-Identifier: Apache-2.0

public import Telemetry
public import Tracing

/// The span that a context belongs to.
struct PropagatedSpan: Sendable {
    var context: SpanContext
    /// Whether it is a span of another process.
    var isRemote = false
    /// The span itself while it is one of ours.
    var span: OTLPSpan?
}

private enum PropagatedSpanKey: ServiceContextKey {
    typealias Value = PropagatedSpan

    static var nameOverride: String? { "otlp-span" }
}

private enum BaggageKey: ServiceContextKey {
    typealias Value = String

    static var nameOverride: String? { "w3c-baggage" }
}

extension ServiceContext {
    /// The ids of the current span: of ours, or of the one in another process that caused what is going on.
    ///
    /// Programs that make their spans themselves set it, so that log records bear these ids.
    public var spanContext: SpanContext? {
        get { propagatedSpan?.context }
        set { propagatedSpan = newValue.map { PropagatedSpan(context: $0) } }
    }

    var propagatedSpan: PropagatedSpan? {
        get { self[PropagatedSpanKey.self] }
        set { self[PropagatedSpanKey.self] = newValue }
    }

    /// W3C `baggage` as it came, to be passed on.
    var baggage: String? {
        get { self[BaggageKey.self] }
        set { self[BaggageKey.self] = newValue }
    }
}
