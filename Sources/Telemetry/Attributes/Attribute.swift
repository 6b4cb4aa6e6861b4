// SPDX-License-Identifier: Apache-2.0

/// A key and its value.
public struct Attribute: Sendable, Hashable {
    /// The name; an attribute without one is not written.
    public var key: String
    /// The value; an empty array is not written.
    public var value: AttributeValue

    /// An attribute.
    public init(_ key: String, _ value: AttributeValue) {
        self.key = key
        self.value = value
    }

    /// Whether receivers accept it: a key of its own and a value that is not an empty array.
    var isExportable: Bool {
        !key.isEmpty && !value.isEmptyArray
    }
}
