// SPDX-License-Identifier: Apache-2.0

/// `tls`: how a server is verified and what it is shown. Paths can be opened as they are.
package struct TLSConfiguration: Sendable, Hashable {
    /// `ca_file`: PEM bundle of the authorities that are trusted; the system's by default.
    package var caFile: String?
    /// `client_certificate_file`: PEM certificate that the server is shown; none by default.
    package var clientCertificateFile: String?
    /// `client_key_file`: PEM key of the certificate; by default it is in the file of the certificate.
    package var clientKeyFile: String?
    /// `insecure_skip_verify`: take any certificate. Off by default, and warned about.
    package var insecureSkipVerify = false

    package init() {}
}
