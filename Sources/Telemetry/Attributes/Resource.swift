// SPDX-License-Identifier: Apache-2.0

internal import JSONText

/// What produces the telemetry: a service, its instance, its process.
public struct Resource: Sendable, Hashable {
    /// Its attributes, `service.name` and `service.instance.id` among them.
    public let attributes: AttributeSet
    /// The version of the semantic conventions that the attributes follow, as a URL; may be empty.
    public let schemaURL: String
    /// The member `resource` of an OTLP JSON envelope; empty when there are no attributes.
    let json: [UInt8]

    /// A resource with these attributes.
    public init(_ attributes: AttributeSet, schemaURL: String = "") {
        self.attributes = attributes
        self.schemaURL = schemaURL
        guard !attributes.isEmpty else {
            json = []
            return
        }
        var writer = JSONWriter()
        writer.key("resource")
        writer.beginObject()
        writer.attributes(attributes)
        writer.endObject()
        json = writer.bytes
    }

    /// This resource with others added; theirs count where both have a key.
    public func adding(_ others: [Attribute]) -> Resource {
        Resource(attributes.adding(others), schemaURL: schemaURL)
    }
}
