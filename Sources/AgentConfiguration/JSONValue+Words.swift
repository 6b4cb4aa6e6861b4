// SPDX-License-Identifier: Apache-2.0

import JSONText

extension JSONValue {
    /// The kind of the value in words.
    var inWords: String {
        switch self {
        case .null: "null"
        case .bool: "a truth value"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
