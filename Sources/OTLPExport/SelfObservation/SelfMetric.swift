// SPDX-License-Identifier: Apache-2.0

/// A metric that a pipeline keeps about itself (semantic conventions 1.44.0, "OpenTelemetry SDK metrics").
public struct SelfMetric: Sendable, Hashable {
    /// How its points behave.
    public enum Kind: Sendable, Hashable {
        /// A monotonic sum.
        case counter
        /// A sum that can fall.
        case upDownCounter
        /// One bucket: a count, a sum, the smallest and the largest value.
        case histogram
    }

    /// An attribute of its points.
    public struct Attribute: Sendable, Hashable {
        /// The name.
        public let key: String
        /// Every value that it can have; nil where the set is open.
        public let values: [String]?
    }

    /// The name.
    public let name: String
    /// How its points behave.
    public let kind: Kind
    /// The unit in UCUM; braces mark what is counted.
    public let unit: String
    /// What it measures, in one sentence.
    public let description: String
    /// The attributes of its points; not every point has all of them.
    public let attributes: [Attribute]

    init(_ name: String, _ kind: Kind, _ unit: String, _ description: String, by attributes: [Attribute]) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.description = description
        self.attributes = attributes
    }
}
