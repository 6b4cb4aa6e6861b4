// SPDX-License-Identifier: Apache-2.0

/// Where the headers and the body of one request are written, in buffers that are used again and again.
package struct RequestBuilder: ~Copyable {
    /// The body, empty at first; sent with POST only.
    package var body: [UInt8]

    private let headers: HeaderList

    init(headers: HeaderList, body: consuming [UInt8]) {
        self.headers = headers
        self.body = body
    }

    /// Gives the body's storage back.
    consuming func takeBody() -> [UInt8] { body }

    /// Adds a header before the endpoint's. A name that is not a token, or a value with control characters, fails the
    /// request before anything is sent.
    package mutating func appendHeader(name: StaticString, value: Span<UInt8>) {
        headers.append(name: name, value: value)
    }

    /// Adds a header before the endpoint's; see the variant that takes a span.
    package mutating func appendHeader(name: StaticString, value: [UInt8]) {
        headers.append(name: name, value: value.span)
    }

    /// Adds a header before the endpoint's; see the variant that takes a span.
    package mutating func appendHeader(name: StaticString, value: String) {
        headers.append(name: name, value: value.utf8.span)
    }

    /// Adds a header before the endpoint's; see the variant that takes a span.
    package mutating func appendHeader(_ field: HeaderField) {
        headers.append(name: field.name, value: field.value)
    }
}
