// SPDX-License-Identifier: Apache-2.0

/// A value, and where it stands in the text.
package struct JSONNode: Sendable, Hashable {
    /// Where the value begins, in bytes from the beginning of the text.
    package let offset: Int
    /// The value itself.
    package let value: JSONValue
}

extension JSONNode {
    /// The value of a member, where this is an object that has it; of several with one name, the last.
    package subscript(_ key: String) -> JSONNode? { object?[key] }

    /// The string, where this is one.
    package var string: String? {
        guard case .string(let string) = value else { return nil }
        return string
    }

    /// The truth value, where this is one.
    package var bool: Bool? {
        guard case .bool(let bool) = value else { return nil }
        return bool
    }

    /// The number, where this is one.
    package var number: JSONNumber? {
        guard case .number(let number) = value else { return nil }
        return number
    }

    /// The elements, where this is an array.
    package var array: [JSONNode]? {
        guard case .array(let elements) = value else { return nil }
        return elements
    }

    /// The members, where this is an object.
    package var object: JSONObject? {
        guard case .object(let object) = value else { return nil }
        return object
    }
}
