// SPDX-License-Identifier: Apache-2.0

/// A number as it was written: nothing is lost before somebody asks for a type.
package struct JSONNumber: Sendable, Hashable {
    /// The text of the number, valid by RFC 8259, section 6.
    package let text: String

    /// - Parameter text: the text of a number, checked by a `JSONReader`.
    package init(text: String) {
        self.text = text
    }

    /// The value as a whole number; nil when it is none, or outside Int64.
    package var int64: Int64? {
        if let whole = Int64(text) { return whole }
        guard text.utf8.contains(where: { [0x2E, 0x45, 0x65].contains($0) }) else { return nil }
        return double.flatMap { Int64(exactly: $0) }
    }

    /// The nearest Double; nil when it is out of range.
    package var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }
}
