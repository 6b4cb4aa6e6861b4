// SPDX-License-Identifier: Apache-2.0

/// One field of a table.
package struct Cell: Sendable, Hashable, ExpressibleByStringLiteral {
    package var text: String
    package var tone: Tone

    package init(_ text: String, _ tone: Tone = .plain) {
        self.text = text.printable
        self.tone = tone
    }

    package init(stringLiteral text: String) {
        self.init(text)
    }

    /// Where there is nothing to say.
    static let none = Cell("—", .faint)
}
