// SPDX-License-Identifier: Apache-2.0

/// Colors, or none.
package struct Palette: Sendable, Hashable {
    package var isColored: Bool

    package init(isColored: Bool) {
        self.isColored = isColored
    }

    /// The text with the color of its tone (ECMA-48 section 8.3.117).
    package func paint(_ text: String, _ tone: Tone) -> String {
        guard isColored, !text.isEmpty else { return text }
        let code: String
        switch tone {
        case .plain: return text
        case .good: code = "32"
        case .warning: code = "33"
        case .bad: code = "1;31"
        case .faint: code = "2"
        case .heading: code = "1"
        case .selected: code = "7"
        }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}
