// SPDX-License-Identifier: Apache-2.0

/// A reference from one span to another that is not its parent.
public struct SpanLink: Sendable, Hashable {
    /// The other span.
    public var context: SpanContext
    /// Whether the context came from another process.
    public var isRemote: Bool
    /// Details.
    public var attributes: [Attribute]

    /// A link.
    public init(_ context: SpanContext, isRemote: Bool = false, attributes: [Attribute] = []) {
        self.context = context
        self.isRemote = isRemote
        self.attributes = attributes
    }
}
