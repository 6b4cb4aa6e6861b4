// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Transfer

/// Why no answer of a collector arrived; the raw values are values of `error.type`.
public enum TransportFailure: String, Error, Sendable, Hashable, CaseIterable {
    /// No connection could be made.
    case connect
    /// The name of the host is not known.
    case dns
    /// The server's certificate was refused, or ours, or there was no agreement.
    case tls
    /// No complete answer arrived in time.
    case timeout
    /// The connection ended before the answer was complete.
    case disconnect
    /// The answer is larger than is read.
    case replyTooLarge = "reply_too_large"
    /// The answer is not HTTP.
    case replyInvalid = "reply_invalid"
    /// This machine is short of file descriptors, ports or memory.
    case localResource = "local_resource"
    /// The exporter itself ended the request.
    case cancelled
    /// The request could not be made, for instance because of a header.
    case configuration
    /// Anything else.
    case other = "_OTHER"

    /// Whether the same request may succeed later (OTLP specification, "Retryable Response Codes", "All Other Responses").
    public var isRetryable: Bool {
        switch self {
        case .connect, .dns, .timeout, .disconnect, .localResource: true
        case .tls, .replyTooLarge, .replyInvalid, .cancelled, .configuration, .other: false
        }
    }

    init(_ error: TransferError) {
        if error.cancelled {
            self = .cancelled
        } else if error.limitExceeded {
            self = .replyTooLarge
        } else if [EMFILE, ENFILE, ENOBUFS, EADDRNOTAVAIL, ENOMEM].contains(error.osError) {
            self = .localResource
        } else {
            self.init(curlCode: error.curlCode, osError: error.osError)
        }
    }

    /// The names of the codes are those of libcurl's curl.h.
    private init(curlCode: Int32, osError: Int32) {
        switch curlCode {
        // COULDNT_RESOLVE_PROXY, COULDNT_RESOLVE_HOST
        case 5, 6: self = .dns
        // COULDNT_CONNECT
        case 7: self = .connect
        // OPERATION_TIMEDOUT
        case 28: self = .timeout
        // SSL_CONNECT_ERROR: a server that goes away during the handshake is no fault of certificates.
        case 35 where osError == ECONNRESET || osError == EPIPE: self = .disconnect
        // SSL_*, PEER_FAILED_VERIFICATION, USE_SSL_FAILED
        case 35, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98: self = .tls
        // HTTP2, PARTIAL_FILE, GOT_NOTHING, SEND_ERROR, RECV_ERROR, HTTP2_STREAM
        case 16, 18, 52, 55, 56, 92: self = .disconnect
        // UNSUPPORTED_PROTOCOL (an answer in HTTP/0.9), WEIRD_SERVER_REPLY, BAD_CONTENT_ENCODING
        case 1, 8, 61: self = .replyInvalid
        // URL_MALFORMAT, BAD_FUNCTION_ARGUMENT
        case 3, 43: self = .configuration
        // OUT_OF_MEMORY
        case 27: self = .localResource
        default: self = .other
        }
    }
}
