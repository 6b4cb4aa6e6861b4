// SPDX-License-Identifier: Apache-2.0

import CCurl

/// A response whose body is still arriving.
package struct PartialResponse: ~Copyable {
    private let handle: EasyHandle

    init(_ handle: EasyHandle) {
        self.handle = handle
    }

    /// The HTTP status.
    package var status: Int { handle.number(CURLINFO_RESPONSE_CODE) }

    /// The Content-Type as sent.
    package var contentType: String? { handle.string(CURLINFO_CONTENT_TYPE) }

    /// The body up to and including the newest piece.
    package var body: [UInt8] { handle.reception.body }

    /// Runs the closure with the bytes of the first header field of that name; nil when there is none.
    package func withHeader<Result>(_ name: StaticString, _ body: (Span<UInt8>) -> Result) -> Result? {
        handle.withHeader(name, body)
    }
}
