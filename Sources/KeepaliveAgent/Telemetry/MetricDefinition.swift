// SPDX-License-Identifier: Apache-2.0

/// One metric of the catalogue: everything about it that does not change while the agent runs.
package struct MetricDefinition: Sendable {
    /// How a metric's points behave.
    package enum Kind: Sendable, Hashable {
        /// A monotonic sum.
        case counter
        /// A sum that can fall.
        case upDownCounter
        /// A last value.
        case gauge
        /// Buckets with these upper-inclusive bounds.
        case histogram(bounds: [Double])
    }

    package let name: String
    package let kind: Kind
    /// The unit in UCUM; braces mark what is counted.
    package let unit: String
    /// What it measures and when it moves, in one sentence.
    package let description: String
    package let attributes: [AttributeDefinition]

    init(_ name: String, _ kind: Kind, unit: String, _ description: String, by attributes: AttributeDefinition...) {
        self.init(name: name, kind: kind, unit: unit, description: description, attributes: attributes)
    }

    init(name: String, kind: Kind, unit: String, description: String, attributes: [AttributeDefinition]) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.description = description
        self.attributes = attributes
    }
}
