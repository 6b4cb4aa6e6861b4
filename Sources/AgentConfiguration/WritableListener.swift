// SPDX-License-Identifier: Apache-2.0

/// `api.writable`: the read-write API over TCP, for whoever shows the token, or a certificate.
package struct WritableListener: Sendable, Hashable {
    /// `listen`: required.
    package var address: ListenAddress
    /// `token_file`: holds the bearer token, resolved to a path that can be opened; there unless clients need a certificate.
    package var tokenFile: String?
    /// `tls`: nothing is encrypted by default.
    package var tls: ServerTLSConfiguration?
    /// `allowed_hosts`: what the header Host may name besides `localhost` and IP addresses; lowercase, without ports.
    package var allowedHosts: [String] = []

    package init(address: ListenAddress, tokenFile: String? = nil) {
        self.address = address
        self.tokenFile = tokenFile
    }
}
