// SPDX-License-Identifier: Apache-2.0

/// How much of a span is exported; what is beyond is counted on the span as dropped.
public struct SpanLimits: Sendable, Hashable {
    /// Attributes per span.
    public var attributes = 128
    /// Events per span.
    public var events = 128
    /// Links per span.
    public var links = 128
    /// Attributes per event.
    public var attributesPerEvent = 128
    /// Attributes per link.
    public var attributesPerLink = 128
    /// UTF-8 bytes per text value of an attribute that is not in a shared set.
    public var valueLength = Int.max

    /// The limits of the OpenTelemetry specification.
    public init() {}
}
