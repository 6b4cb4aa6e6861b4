// SPDX-License-Identifier: Apache-2.0

/// What varies from request to request besides headers and body.
package struct RequestHead: Sendable, Hashable {
    /// The HTTP method; a body is sent with POST only.
    package var method: RequestMethod
    /// How long the request may take in all, from its start to the last byte of the answer; rounded up to a millisecond.
    package var timeout: Duration
    /// How many bytes of body are accepted, counted after decompression; the transfer fails at the first one more.
    package var bodyLimit: Int
    /// Pieces of the body are shown to `TransferPool.inspector` as they arrive.
    package var inspects: Bool
    /// The body is kept for the outcome. Without, its pieces are only shown as they arrive, and `bodyLimit` does not hold: for
    /// streams without end.
    package var keepsBody: Bool

    package init(
        method: RequestMethod = .post,
        timeout: Duration = .seconds(10),
        bodyLimit: Int = 256 * 1024,
        inspects: Bool = false,
        keepsBody: Bool = true
    ) {
        self.method = method
        self.timeout = timeout
        self.bodyLimit = bodyLimit
        self.inspects = inspects
        self.keepsBody = keepsBody
    }
}
