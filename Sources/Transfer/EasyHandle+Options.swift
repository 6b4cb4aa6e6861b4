// SPDX-License-Identifier: Apache-2.0

import CCurl

extension EasyHandle {
    /// Sets what stays the same for all transfers of the endpoint.
    func configure() throws(TransferError) {
        let options = resources.options
        // HTTP/2 over reused plain connections is broken before libcurl 8.0 (curl issue 10634).
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        // A followed redirect would carry the session id and other credentials to another host.
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_NOPROGRESS, 1)
        try set(CURLOPT_TCP_NODELAY, 1)
        try set(CURLOPT_BUFFERSIZE, options.receiveBufferSize)
        // Without it a transfer whose deadline passes during a name lookup waits for the lookup's thread.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_CONNECTTIMEOUT_MS, Self.timeout(options.connectTimeout))
        try set(CURLOPT_ACCEPT_ENCODING, options.acceptEncoding)
        try set(CURLOPT_UNIX_SOCKET_PATH, options.unixSocketPath)
        switch options.proxy {
        case .none: try set(CURLOPT_PROXY, "")
        case .ambient: break
        case .url(let url): try set(CURLOPT_PROXY, url)
        }
        try configure(options.tls)
    }

    private func configure(_ tls: TLSOptions) throws(TransferError) {
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_SSL_VERIFYPEER, tls.insecureSkipVerify ? 0 : 1)
        try set(CURLOPT_SSL_VERIFYHOST, tls.insecureSkipVerify ? 0 : 2)
        try set(CURLOPT_SSLCERT, tls.clientCertificateFile)
        try set(CURLOPT_SSLKEY, tls.clientKeyFile ?? tls.clientCertificateFile)
        let systemFile = string(CURLINFO_CAINFO)
        guard let caFile = tls.caFile ?? systemFile else { return }
        try set(CURLOPT_CAINFO, caFile)
        // libcurl keeps the parsed certificates only when no directory is set as well. Debian compiles one in, and the
        // bundle would be parsed for each new connection, which costs 46 ms.
        try set(CURLOPT_CAPATH, nil as String?)
        // In seconds. The system's bundle is large and changes rarely, a file of one's own is small and may be rotated.
        try set(CURLOPT_CA_CACHE_TIMEOUT, tls.caFile == nil ? 24 * 60 * 60 : 60)
    }

    /// Sets what differs between requests of one endpoint but rarely does from one to the next.
    func arm(_ head: RequestHead, replacing previous: RequestHead?) throws(TransferError) {
        if head.timeout != previous?.timeout { try set(CURLOPT_TIMEOUT_MS, Self.timeout(head.timeout)) }
        if head.method == previous?.method { return }
        switch head.method {
        case .get:
            try set(CURLOPT_HTTPGET, 1)
            try set(CURLOPT_CUSTOMREQUEST, nil as String?)
        case .post:
            try set(CURLOPT_POST, 1)
            try set(CURLOPT_CUSTOMREQUEST, nil as String?)
        case .delete:
            try set(CURLOPT_HTTPGET, 1)
            try set(CURLOPT_CUSTOMREQUEST, "DELETE")
        }
    }

    /// To libcurl zero means no limit.
    private static func timeout(_ duration: Duration) -> Int {
        Int(max(1, min(duration.millisecondsRoundedUp, Int64(Int32.max))))
    }
}
