// SPDX-License-Identifier: Apache-2.0

/// The whole answer to a `Request`, owned.
package struct Response: Sendable {
    /// The HTTP status.
    package var status: Int
    /// The header fields of the final response, in order.
    package var headers: [HeaderField]
    /// The body, up to where the answer was complete.
    package var body: [UInt8]
    /// When its stages were over.
    package var timings: Timings
    /// A new connection was made for it.
    package var newConnection: Bool
    /// The address that was connected to, as text; empty when there was none.
    package var remoteAddress: String
    /// The port that was connected to; 0 when there was none.
    package var remotePort: Int
    /// `Request.isComplete` ended it, not the server.
    package var answeredEarly: Bool

    package init(
        status: Int,
        headers: [HeaderField] = [],
        body: [UInt8] = [],
        timings: Timings = Timings(),
        newConnection: Bool = false,
        remoteAddress: String = "",
        remotePort: Int = 0,
        answeredEarly: Bool = false
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.timings = timings
        self.newConnection = newConnection
        self.remoteAddress = remoteAddress
        self.remotePort = remotePort
        self.answeredEarly = answeredEarly
    }

    /// The value of the first field of that name, whatever its case.
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// The Content-Type as sent.
    package var contentType: String? { header("content-type") }
}
