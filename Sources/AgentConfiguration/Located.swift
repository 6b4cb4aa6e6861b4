// SPDX-License-Identifier: Apache-2.0

/// A value and where it was written.
struct Located<Value> {
    var value: Value
    var position: SourcePosition
    /// The path of its key.
    var path: String
    /// Whether `${file:}` has a part in it: then it may be a secret, and is not shown.
    var isFromFile = false
}

extension Located<String> {
    /// The path of a file, to be shown to a person.
    var quotedPath: String { isFromFile ? "the path that was read from a file" : DiagnosticText.quoted(value) }
}

extension Located: Sendable where Value: Sendable {}
