// SPDX-License-Identifier: Apache-2.0

import CCurl

/// libcurl as a whole, and the one place where the results of its functions are checked.
enum CurlLibrary {
    /// Initializes libcurl when it is read first; `static let` makes that once, whatever the thread.
    static let isInitialized: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Throws what a function of the easy interface returned, unless it succeeded.
    @inline(__always)
    static func check(_ code: CURLcode) throws(TransferError) {
        if code != CURLE_OK { throw TransferError(preparing: Int32(code.rawValue)) }
    }

    /// Throws what a function of the multi interface returned, unless it succeeded.
    @inline(__always)
    static func check(_ code: CURLMcode) throws(TransferError) {
        if code != CURLM_OK { throw failure(code) }
    }

    /// Ends the process on a result that only a programming error or a lack of memory can give.
    @inline(__always)
    static func require(_ code: CURLMcode, _ function: StaticString) {
        precondition(code == CURLM_OK, "\(function) failed: \(text(code))")
    }

    private static func failure(_ code: CURLMcode) -> TransferError {
        TransferError(curlCode: CurlCode.failedInit, message: text(code))
    }

    private static func text(_ code: CURLMcode) -> String {
        guard let text = unsafe curl_multi_strerror(code) else { return "multi error \(code.rawValue)" }
        return unsafe String(cString: text)
    }
}
