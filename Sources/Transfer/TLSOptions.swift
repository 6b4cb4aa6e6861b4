// SPDX-License-Identifier: Apache-2.0

/// How a destination's certificate is verified and which one is shown to it. TLS 1.2 is the least that is spoken.
///
/// Files are named here, not read. libcurl reads the client certificate and key for every new connection, `caFile` at most
/// once a minute and the system's bundle once a day, so a rotated file is in force for connections that are made after
/// that; connections that are open keep what they were made with. It remembers one CA file per executor: endpoints with
/// different ones have theirs read again and again, which matters for large bundles only (46 ms for 140 certificates).
package struct TLSOptions: Sendable, Hashable {
    /// PEM file with the trusted certificate authorities; nil: the system's bundle.
    package var caFile: String?
    /// PEM file with the client certificate chain; nil: none is shown.
    package var clientCertificateFile: String?
    /// PEM file with the key of `clientCertificateFile`; nil: the key is in the same file.
    package var clientKeyFile: String?
    /// Neither the certificate nor the host name is verified; false by default.
    package var insecureSkipVerify: Bool

    package init(
        caFile: String? = nil,
        clientCertificateFile: String? = nil,
        clientKeyFile: String? = nil,
        insecureSkipVerify: Bool = false
    ) {
        self.caFile = caFile
        self.clientCertificateFile = clientCertificateFile
        self.clientKeyFile = clientKeyFile
        self.insecureSkipVerify = insecureSkipVerify
    }
}
