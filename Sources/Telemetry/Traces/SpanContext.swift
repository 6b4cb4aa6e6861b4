// SPDX-License-Identifier: Apache-2.0

/// What identifies a span across processes.
public struct SpanContext: Sendable, Hashable {
    /// The trace.
    public var traceID: TraceID
    /// The span within the trace.
    public var spanID: SpanID
    /// W3C flags.
    public var flags: TraceFlags
    /// W3C `tracestate`, verbatim; mostly empty.
    public var traceState: String

    /// A context.
    public init(traceID: TraceID, spanID: SpanID, flags: TraceFlags = [.sampled, .random], traceState: String = "") {
        self.traceID = traceID
        self.spanID = spanID
        self.flags = flags
        self.traceState = traceState
    }

    /// The context of a new trace, sampled.
    public static func root(using generator: inout some RandomNumberGenerator) -> SpanContext {
        SpanContext(traceID: .random(using: &generator), spanID: .random(using: &generator))
    }

    /// The context of a new child of this span.
    public func child(using generator: inout some RandomNumberGenerator) -> SpanContext {
        SpanContext(traceID: traceID, spanID: .random(using: &generator), flags: flags, traceState: traceState)
    }
}
