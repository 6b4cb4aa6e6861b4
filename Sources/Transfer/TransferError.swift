// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// Why a transfer failed, in libcurl's terms.
///
/// It never contains the value of a header or any part of a body, so it may be logged.
package struct TransferError: Error, Sendable, Hashable {
    /// The `CURLcode`; never 0.
    package var curlCode: Int32
    /// The `errno` behind it, 0 when there was none; EMFILE and its like mean that this machine is short of something.
    package var osError: Int32
    /// What happened, in words, without a trailing period.
    package var message: String
    /// The body was larger than `RequestHead.bodyLimit`, counted after decompression.
    package var limitExceeded: Bool
    /// The agent itself ended the transfer.
    package var cancelled: Bool

    package init(
        curlCode: Int32,
        osError: Int32 = 0,
        message: String,
        limitExceeded: Bool = false,
        cancelled: Bool = false
    ) {
        self.curlCode = curlCode
        self.osError = osError
        self.message = message
        self.limitExceeded = limitExceeded
        self.cancelled = cancelled
    }
}

extension TransferError {
    /// The agent ended the transfer before it was over.
    package static let cancelled = TransferError(
        curlCode: CurlCode.abortedByCallback,
        message: "the request was canceled",
        cancelled: true
    )

    /// Every connection that `EndpointOptions.maxConnections` allows is in use.
    static let noFreeConnection = TransferError(
        curlCode: CurlCode.failedInit,
        osError: ENOBUFS,
        message: "all connections that are allowed to this destination are in use"
    )

    /// The endpoint was closed before the request was started.
    static let closedEndpoint = TransferError(
        curlCode: CurlCode.abortedByCallback,
        message: "the destination was closed",
        cancelled: true
    )

    /// A header that would have let its value write further headers; says the name, never the value.
    static func invalidHeader(_ name: String) -> TransferError {
        TransferError(
            curlCode: CurlCode.badFunctionArgument,
            message: "the header \"\(name)\" was refused: its name is not a token or its value has control characters"
        )
    }

    /// A `CURLcode` that came from preparing a transfer.
    init(preparing code: Int32) {
        self.init(curlCode: code, message: CurlCode.text(code))
    }
}

extension TransferError: CustomStringConvertible {
    /// What happened and, where it is known, what to do about it.
    package var description: String {
        var text = message
        if osError != 0, osError != ECONNREFUSED || !message.contains("refused") {
            // The reason of the operating system says more than the text of the code, with which libcurl ends.
            let general = ": \(CurlCode.text(curlCode))"
            if text.hasSuffix(general) { text.removeLast(general.count) }
            text += ": \(OperatingSystemError.text(osError))"
        }
        if let advice { text += "; \(advice)" }
        return text
    }

    private var advice: String? {
        if limitExceeded || cancelled { return nil }
        switch osError {
        case EMFILE, ENFILE:
            return "raise the limit of open files (ulimit -n, LimitNOFILE=) or lower the connection caps"
        case EADDRNOTAVAIL: return "no local port or address is free: lower the connection caps"
        default: break
        }
        switch curlCode {
        case CurlCode.couldNotResolveHost: return "check the host name and this machine's DNS"
        case CurlCode.couldNotResolveProxy: return "check the host name of the proxy"
        case CurlCode.couldNotConnect: return "check that the server runs and that host and port are right"
        case CurlCode.operationTimedOut:
            return message.hasPrefix("Resolving") ? "check this machine's DNS" : "the server did not answer in time"
        case CurlCode.peerFailedVerification: return "check the server's certificate, its host name and tls.ca_file"
        case CurlCode.caFileUnreadable: return "check that the CA file exists and is readable"
        case CurlCode.clientCertificate: return "check the client certificate and its key"
        case CurlCode.badContentEncoding: return "the server compressed an answer that was not asked for compressed"
        default: return nil
        }
    }
}
