// SPDX-License-Identifier: Apache-2.0

/// A value and where it was written.
struct Located<Value> {
    var value: Value
    var position: SourcePosition
    /// The path of its key.
    var path: String
}

extension Located: Sendable where Value: Sendable {}
