// SPDX-License-Identifier: Apache-2.0

import JSONText

/// The beginning of a body that is no JSON-RPC answer.
package struct UnusableText: Sendable, Hashable {
    /// At most the first 512 bytes; empty for HTML pages. Servers may echo a session id in it: never log it unseen.
    package var prefix: String
    /// The body is an HTML page: an error page of a proxy, whose words mean nothing.
    package var isHTML: Bool

    /// How many bytes of a body are kept and searched.
    package static let limit = 512

    package init(prefix: String = "", isHTML: Bool = false) {
        self.prefix = prefix
        self.isHTML = isHTML
    }

    /// The beginning of `body`, unless it is an HTML page: called one, or beginning like one.
    package init(_ body: Span<UInt8>, isHTML: Bool) {
        let start = body.firstVisible
        let visible = body.extracting(start...)
        if isHTML || visible.hasPrefixIgnoringCase("<!doctype") || visible.hasPrefixIgnoringCase("<html") {
            self.init(isHTML: true)
        } else {
            let text = body.copy(start..<min(start + Self.limit, body.count))
            self.init(prefix: String(decoding: text, as: UTF8.self))
        }
    }

    /// What the text says of the session.
    package var sessionText: SessionText { isHTML ? .silent : SessionText(of: prefix.utf8) }
}
