// SPDX-License-Identifier: Apache-2.0

/// A recorded value and the span it was recorded in: the way from a histogram to a trace.
public struct Exemplar: Sendable, Hashable {
    /// The value.
    public var value: Double
    /// When it was recorded, in nanoseconds since 1970; inside the interval of its point.
    public var time: UInt64
    /// The trace of the span.
    public var traceID: TraceID
    /// The span.
    public var spanID: SpanID

    /// An exemplar.
    public init(value: Double, time: UInt64, traceID: TraceID, spanID: SpanID) {
        self.value = value
        self.time = time
        self.traceID = traceID
        self.spanID = spanID
    }

    /// This exemplar with its time inside the interval: the wall clock may have been read just after the collection began,
    /// or may have been set.
    func clamped(to interval: ClosedRange<UInt64>) -> Exemplar {
        var clamped = self
        clamped.time = min(max(time, interval.lowerBound), interval.upperBound)
        return clamped
    }
}
