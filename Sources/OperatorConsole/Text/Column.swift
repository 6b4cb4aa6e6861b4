// SPDX-License-Identifier: Apache-2.0

/// What a table does with one of its columns when there is little room.
package struct Column: Sendable, Hashable {
    package enum Alignment: Sendable, Hashable {
        case left
        case right
    }

    package var title: String
    package var alignment: Alignment
    /// Columns of the least importance go first; those of 9 stay.
    package var importance: Int
    /// The width that it may be cut to, in cells; nil: it is shown whole or not at all.
    package var minimum: Int?

    package init(_ title: String, _ alignment: Alignment = .left, importance: Int = 9, minimum: Int? = nil) {
        self.title = title
        self.alignment = alignment
        self.importance = importance
        self.minimum = minimum
    }
}
