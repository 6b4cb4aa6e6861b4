// SPDX-License-Identifier: Apache-2.0

import CCurl

/// The `CURLcode`s that Transfer itself speaks of, as plain numbers, and their text.
enum CurlCode {
    static let ok = Int32(CURLE_OK.rawValue)
    static let failedInit = Int32(CURLE_FAILED_INIT.rawValue)
    static let couldNotResolveProxy = Int32(CURLE_COULDNT_RESOLVE_PROXY.rawValue)
    static let couldNotResolveHost = Int32(CURLE_COULDNT_RESOLVE_HOST.rawValue)
    static let couldNotConnect = Int32(CURLE_COULDNT_CONNECT.rawValue)
    static let writeError = Int32(CURLE_WRITE_ERROR.rawValue)
    static let operationTimedOut = Int32(CURLE_OPERATION_TIMEDOUT.rawValue)
    static let abortedByCallback = Int32(CURLE_ABORTED_BY_CALLBACK.rawValue)
    static let badFunctionArgument = Int32(CURLE_BAD_FUNCTION_ARGUMENT.rawValue)
    static let clientCertificate = Int32(CURLE_SSL_CERTPROBLEM.rawValue)
    static let peerFailedVerification = Int32(CURLE_PEER_FAILED_VERIFICATION.rawValue)
    static let badContentEncoding = Int32(CURLE_BAD_CONTENT_ENCODING.rawValue)
    static let caFileUnreadable = Int32(CURLE_SSL_CACERT_BADFILE.rawValue)
    static let outOfMemory = Int32(CURLE_OUT_OF_MEMORY.rawValue)
    static let receiveError = Int32(CURLE_RECV_ERROR.rawValue)
    /// CURLE_TOO_LARGE, which the headers of older versions of libcurl do not know.
    static let tooLarge: Int32 = 100
    static let malformedURL = Int32(CURLE_URL_MALFORMAT.rawValue)

    /// libcurl's own words for a code.
    static func text(_ code: Int32) -> String {
        guard let text = unsafe curl_easy_strerror(CURLcode(rawValue: UInt32(code))) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
