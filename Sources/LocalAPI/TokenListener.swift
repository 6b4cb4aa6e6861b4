// SPDX-License-Identifier: Apache-2.0

/// A TCP address to listen on, for clients that know a secret.
package struct TokenListener: Sendable {
    package var address: TCPListener
    /// The token that is valid now, asked for with each request, so that a rotated file works. Nobody is let in while it
    /// is nil or empty. Must not wait long.
    package var currentToken: @Sendable () -> String?

    package init(address: TCPListener, currentToken: @escaping @Sendable () -> String?) {
        self.address = address
        self.currentToken = currentToken
    }
}
