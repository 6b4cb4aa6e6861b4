// SPDX-License-Identifier: Apache-2.0

/// Everything about one destination that stays the same from request to request.
package struct EndpointOptions: Sendable {
    /// The absolute `http` or `https` URL that every request goes to.
    package var url: String
    /// The path of a Unix domain socket to connect to, at most 107 bytes; the host of `url` is then only a name. Nil: none.
    package var unixSocketPath: String?
    /// The value of the User-Agent header; empty: none is sent.
    package var userAgent: String
    /// Headers of every request, after the request's own.
    package var headers: [HeaderField]
    /// Certificates; used for `https` only.
    package var tls: TLSOptions
    /// How long name lookup, connecting and the TLS handshake may take together; the request's timeout bounds it too.
    package var connectTimeout: Duration
    /// How many requests may be under way at once; each of them has a connection of its own. At least 1.
    package var maxConnections: Int
    /// The proxy; by default none, and ambient proxy variables never apply.
    package var proxy: ProxyPolicy
    /// Content codings to ask for and to undo, such as `gzip`; nil: none, and an answer that has one fails
    /// with `CURLE_BAD_CONTENT_ENCODING`.
    package var acceptEncoding: String?
    /// How long a stream may go on after its answer was complete, in the hope that it ends and leaves its connection
    /// usable; after that the connection is closed.
    package var drainTimeout: Duration
    /// Size of libcurl's receive buffer in bytes, per connection; 1 KiB ... 10 MiB.
    package var receiveBufferSize: Int

    package init(
        url: String,
        unixSocketPath: String? = nil,
        userAgent: String = "",
        headers: [HeaderField] = [],
        tls: TLSOptions = TLSOptions(),
        connectTimeout: Duration = .seconds(5),
        maxConnections: Int = 64,
        proxy: ProxyPolicy = .none,
        acceptEncoding: String? = nil,
        drainTimeout: Duration = .seconds(1),
        receiveBufferSize: Int = 4096
    ) {
        self.url = url
        self.unixSocketPath = unixSocketPath
        self.userAgent = userAgent
        self.headers = headers
        self.tls = tls
        self.connectTimeout = connectTimeout
        self.maxConnections = max(1, maxConnections)
        self.proxy = proxy
        self.acceptEncoding = acceptEncoding
        self.drainTimeout = drainTimeout
        self.receiveBufferSize = receiveBufferSize
    }
}
