// SPDX-License-Identifier: Apache-2.0

/// One request of the control plane, with everything it needs.
package struct Request: Sendable {
    /// Method, timeout and limit; `inspects` is ignored in favor of `isComplete`.
    package var head: RequestHead
    /// Headers besides the endpoint's.
    package var headers: [HeaderField]
    /// The body; sent with POST only.
    package var body: [UInt8]
    /// Asked at each new piece of a body whether the answer is complete, although the stream may go on. It runs inside
    /// the transfer and must not call the pool.
    package var isComplete: (@Sendable (borrowing PartialResponse, Span<UInt8>) -> Bool)?

    package init(
        head: RequestHead = RequestHead(),
        headers: [HeaderField] = [],
        body: [UInt8] = [],
        isComplete: (@Sendable (borrowing PartialResponse, Span<UInt8>) -> Bool)? = nil
    ) {
        self.head = head
        self.headers = headers
        self.body = body
        self.isComplete = isComplete
    }
}
