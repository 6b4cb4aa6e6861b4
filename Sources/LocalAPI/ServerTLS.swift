// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOSSL

/// The PEM files of a TCP address that speaks TLS; read when it begins to listen.
package struct ServerTLS: Sendable, Hashable {
    /// The certificate that clients are shown, followed by those between it and its authority.
    package var certificateFile: String
    /// The key of the certificate.
    package var keyFile: String
    /// Authorities, of one of which clients have to show a certificate; nil: they need none.
    package var clientAuthorityFile: String?

    /// - Parameter keyFile: nil: the key is in the same file as the certificate.
    package init(certificateFile: String, keyFile: String? = nil, clientAuthorityFile: String? = nil) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile ?? certificateFile
        self.clientAuthorityFile = clientAuthorityFile
    }

    /// Reads the files.
    ///
    /// - Parameter shutdownTime: how long a client has to take its leave.
    func context(shutdownTime: Duration) throws(LocalAPIError) -> NIOSSLContext {
        let chain = try Self.certificates(in: certificateFile)
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: keyFile, format: .pem)
        } catch {
            throw .unusableTLS("\(keyFile) has no PEM key without a passphrase")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        // RFC 8996: nothing older.
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        configuration.shutdownTimeout = .init(shutdownTime)
        if let clientAuthorityFile {
            configuration.trustRoots = .certificates(try Self.certificates(in: clientAuthorityFile))
            // Which also makes a certificate a must. What name it has does not matter.
            configuration.certificateVerification = .noHostnameVerification
            configuration.sendCANameList = true
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .unusableTLS("the key in \(keyFile) does not belong to the certificate in \(certificateFile)")
        }
    }

    private static func certificates(in file: String) throws(LocalAPIError) -> [NIOSSLCertificate] {
        let certificates: [NIOSSLCertificate]
        do {
            certificates = try NIOSSLCertificate.fromPEMFile(file)
        } catch {
            throw .unusableTLS("\(file) has no PEM certificate")
        }
        guard !certificates.isEmpty else { throw .unusableTLS("\(file) has no PEM certificate") }
        return certificates
    }
}
