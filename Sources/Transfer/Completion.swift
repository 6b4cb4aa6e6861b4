// SPDX-License-Identifier: Apache-2.0

import CCurl

/// How a transfer ended; valid while it is handed over. What is not asked for costs nothing.
package struct Completion: ~Copyable {
    /// Why it failed; nil when the response is whole, whatever its status.
    package let error: TransferError?
    /// The inspector ended it, not the server.
    package let answeredEarly: Bool

    private let handle: EasyHandle?

    init(_ handle: EasyHandle?, error: TransferError?, answeredEarly: Bool = false) {
        self.handle = handle
        self.error = error
        self.answeredEarly = answeredEarly
    }

    /// The HTTP status; 0 when no response arrived.
    package var status: Int { number(CURLINFO_RESPONSE_CODE) }

    /// What has arrived of the body, at most `RequestHead.bodyLimit` bytes; after a failure perhaps only the beginning.
    /// Keeping it beyond the handover costs a new buffer for the next transfer.
    package var body: [UInt8] { handle?.reception.body ?? [] }

    /// The body was larger than `RequestHead.bodyLimit`.
    package var limitExceeded: Bool { error?.limitExceeded ?? false }

    /// The Content-Type as sent; `withHeader` reads it without an allocation.
    package var contentType: String? { handle?.string(CURLINFO_CONTENT_TYPE) }

    /// The value of the first field of that name in the final response, whatever its case.
    package func header(_ name: StaticString) -> String? {
        withHeader(name) { String(copying: $0) }
    }

    /// Runs the closure with the bytes of the first field of that name in the final response; nil when there is
    /// none.
    package func withHeader<Result>(_ name: StaticString, _ body: (Span<UInt8>) -> Result) -> Result? {
        handle?.withHeader(name, body)
    }

    /// When the stages of the transfer were over.
    package var timings: Timings {
        guard let handle else { return Timings() }
        return Timings(
            total: handle.microseconds(CURLINFO_TOTAL_TIME_T),
            nameLookup: handle.microseconds(CURLINFO_NAMELOOKUP_TIME_T),
            connect: handle.microseconds(CURLINFO_CONNECT_TIME_T),
            tls: handle.microseconds(CURLINFO_APPCONNECT_TIME_T),
            firstByte: handle.microseconds(CURLINFO_STARTTRANSFER_TIME_T)
        )
    }

    /// The time from start to end; cheaper than `timings`.
    package var duration: Duration { handle?.microseconds(CURLINFO_TOTAL_TIME_T) ?? .zero }

    /// A new connection was made, or tried.
    package var newConnection: Bool { number(CURLINFO_NUM_CONNECTS) > 0 }

    /// The address that was connected to, as text; empty when there was none.
    package var remoteAddress: String { handle?.string(CURLINFO_PRIMARY_IP) ?? "" }

    /// The port that was connected to; 0 when there was none.
    package var remotePort: Int { number(CURLINFO_PRIMARY_PORT) }

    /// Everything, owned.
    func response() -> Response {
        Response(
            status: status,
            headers: handle?.fields() ?? [],
            body: body,
            timings: timings,
            newConnection: newConnection,
            remoteAddress: remoteAddress,
            remotePort: remotePort,
            answeredEarly: answeredEarly
        )
    }

    private func number(_ info: CURLINFO) -> Int { handle?.number(info) ?? 0 }
}
