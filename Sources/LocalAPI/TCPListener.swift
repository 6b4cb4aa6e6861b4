// SPDX-License-Identifier: Apache-2.0

/// A TCP address to listen on.
package struct TCPListener: Sendable, Hashable {
    /// A name or an IP address.
    package var host: String
    /// 0 takes a free one, which `LocalAPIServer.start` tells.
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}
