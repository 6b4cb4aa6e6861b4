// SPDX-License-Identifier: Apache-2.0

/// One kind of span of the catalogue.
package struct SpanDefinition: Sendable {
    /// One attribute of the span, and when it is there.
    package struct Attribute: Sendable {
        package let key: String
        /// What it says, and when it is missing.
        package let meaning: String
    }

    /// The span's name; a word in angle brackets stands for what varies.
    package let name: String
    /// `INTERNAL` or `CLIENT`.
    package let kind: String
    package let description: String
    package let attributes: [Attribute]

    init(_ name: String, kind: String, _ description: String, _ attributes: KeyValuePairs<String, String>) {
        self.name = name
        self.kind = kind
        self.description = description
        self.attributes = attributes.map { Attribute(key: $0.key, meaning: $0.value) }
    }
}
