// SPDX-License-Identifier: Apache-2.0

/// A TCP address to listen on, for clients that know a secret: a token, the key of a certificate, or both.
package struct TokenListener: Sendable {
    package var address: TCPListener
    /// Nil: nothing is encrypted.
    package var tls: ServerTLS?
    /// The token that is valid now, asked for with each request, so that a rotated file works. Nobody is let in while it
    /// is nil or empty. Must not wait long. Nil: clients need none, if they need a certificate.
    package var currentToken: (@Sendable () -> String?)?

    package init(address: TCPListener, tls: ServerTLS? = nil, currentToken: (@Sendable () -> String?)?) {
        self.address = address
        self.tls = tls
        self.currentToken = currentToken
    }

    /// What its clients have to show with each request, besides what TLS asks of them.
    func access(_ hosts: HostRule) -> Access {
        if currentToken == nil, tls?.clientAuthorityFile != nil { return .certificate(hosts) }
        return .token(hosts, current: currentToken ?? { nil })
    }
}
