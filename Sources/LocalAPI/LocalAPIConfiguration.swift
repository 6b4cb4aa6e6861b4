// SPDX-License-Identifier: Apache-2.0

/// Where the local API listens and what it takes from its clients.
package struct LocalAPIConfiguration: Sendable {
    /// The unix socket, for reading and writing; none by default.
    package var socket: SocketListener?
    /// The TCP address at which nothing can be changed; none by default.
    package var readOnly: TCPListener?
    /// The TCP address at which a bearer token is needed; none by default.
    package var readWrite: TokenListener?
    /// Names that the `Host` header of requests over TCP may have beside `localhost` and IP addresses; a page in a browser
    /// whose name was made to point here (DNS rebinding) has another one. Lower case, without a port.
    package var allowedHosts: Set<String> = []
    package var limits = LocalAPILimits()

    /// An API that listens nowhere.
    package init() {}
}
