// SPDX-License-Identifier: Apache-2.0

import CCurl

/// What all handles of one endpoint share and libcurl only reads: the parsed URL and the fixed header lines.
@safe
final class EndpointResources {
    let options: EndpointOptions

    private let url: OpaquePointer
    private let fixedHeaders = HeaderList()
    /// The first node of `fixedHeaders`, which never changes once it is made.
    private var fixedHead: UnsafeMutablePointer<curl_slist>?

    init(_ options: EndpointOptions) throws(TransferError) {
        precondition(CurlLibrary.isInitialized, "libcurl cannot be initialized")
        self.options = options
        guard let url = unsafe curl_url() else { throw TransferError(preparing: CurlCode.failedInit) }
        unsafe self.url = unsafe url
        let result = unsafe options.url.withCString { text in unsafe curl_url_set(url, CURLUPART_URL, text, 0) }
        guard result == CURLUE_OK, unsafe Self.isHTTP(unsafe url) else {
            throw TransferError(
                curlCode: CurlCode.malformedURL,
                message: "the URL cannot be used: it has to be absolute and to begin with http:// or https://"
            )
        }
        if !options.userAgent.isEmpty { fixedHeaders.append(name: "User-Agent", value: options.userAgent) }
        for field in options.headers { fixedHeaders.append(name: field.name, value: field.value) }
        // libcurl would ask with "Expect: 100-continue" before a large body and wait a second for servers that do not
        // know it; a line without a value suppresses that.
        fixedHeaders.suppress("Expect")
        if let refused = fixedHeaders.refusedName { throw .invalidHeader(refused) }
        unsafe fixedHead = fixedHeaders.link(to: nil)
    }

    deinit {
        unsafe curl_url_cleanup(url)
    }

    /// Gives the URL to a handle, which refers to it from then on.
    func setURL(of easy: UnsafeMutableRawPointer) throws(TransferError) {
        try CurlLibrary.check(unsafe ccurl_setopt_url(easy, url))
    }

    /// The fixed header lines, preceded by those of one request.
    func headers(after own: HeaderList) -> UnsafeMutablePointer<curl_slist>? {
        unsafe own.link(to: fixedHead)
    }

    private static func isHTTP(_ url: OpaquePointer) -> Bool {
        var scheme: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK, let text = unsafe scheme else {
            return false
        }
        defer { unsafe curl_free(text) }
        let name = unsafe String(cString: text).lowercased()
        return name == "http" || name == "https"
    }
}
