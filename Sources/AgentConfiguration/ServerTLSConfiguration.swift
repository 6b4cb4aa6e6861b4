// SPDX-License-Identifier: Apache-2.0

/// `api.writable.tls`: what clients are shown, and what they have to show. Paths can be opened as they are.
package struct ServerTLSConfiguration: Sendable, Hashable {
    /// `certificate_file`: PEM certificate of the listener, followed by those between it and its authority. Required.
    package var certificateFile: String
    /// `key_file`: PEM key of the certificate; by default it is in the file of the certificate.
    package var keyFile: String?
    /// `client_ca_file`: PEM bundle of the authorities, of one of which clients need a certificate; none by default.
    package var clientAuthorityFile: String?

    package init(certificateFile: String) {
        self.certificateFile = certificateFile
    }
}
