// SPDX-License-Identifier: Apache-2.0

/// A text that must not be shown, such as a token: it prints as `••••`, and only `reveal` gives it away.
package struct Secret: Sendable, Hashable, Redacted {
    private let text: String

    /// Keeps `text` from being printed.
    package init(_ text: String) {
        self.text = text
    }

    /// Calls `body` with the text; what `body` makes of it is no longer protected.
    package func reveal<Result>(_ body: (String) throws -> Result) rethrows -> Result {
        try body(text)
    }
}
