// SPDX-License-Identifier: Apache-2.0

internal import JSONText

/// The part of the code that records: a library or a module, with its version.
///
/// Copies share storage, so that every span and log record can carry one.
public final class InstrumentationScope: Sendable {
    /// The name, for instance of the module.
    public let name: String
    /// The version of what is named; may be empty.
    public let version: String
    /// Attributes of the scope.
    public let attributes: AttributeSet
    /// The version of the semantic conventions that the telemetry follows, as a URL; may be empty.
    public let schemaURL: String
    /// The member `scope` of an OTLP JSON envelope.
    let json: [UInt8]

    /// A scope.
    public init(name: String, version: String = "", attributes: AttributeSet = .empty, schemaURL: String = "") {
        self.name = name
        self.version = version
        self.attributes = attributes
        self.schemaURL = schemaURL
        var writer = JSONWriter()
        writer.key("scope")
        writer.beginObject()
        writer.key("name")
        writer.string(name)
        if !version.isEmpty {
            writer.key("version")
            writer.string(version)
        }
        writer.attributes(attributes)
        writer.endObject()
        json = writer.bytes
    }
}
