// SPDX-License-Identifier: Apache-2.0

/// Something that happened at one moment of a span.
public struct SpanEvent: Sendable, Hashable {
    /// What happened.
    public var name: String
    /// When, in nanoseconds since 1970.
    public var time: UInt64
    /// Details.
    public var attributes: [Attribute]

    /// An event.
    public init(name: String, time: UInt64, attributes: [Attribute] = []) {
        self.name = name
        self.time = time
        self.attributes = attributes
    }
}
