// SPDX-License-Identifier: Apache-2.0

/// What a metric is called and what it means.
public struct InstrumentDescription: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The unit in UCUM, annotations in braces; may be empty.
    public var unit: String
    /// One sentence for people; may be empty.
    public var description: String

    /// A description.
    public init(name: String, unit: String = "", description: String = "") {
        self.name = name
        self.unit = unit
        self.description = description
    }
}
