// SPDX-License-Identifier: Apache-2.0

extension MappingReader {
    /// An absolute `http` or `https` URL without user name, password and fragment.
    func url(_ key: String) -> Located<String>? {
        guard let scalar = scalar(key, expected: "a URL") else { return nil }
        guard scalar.kind == .text, !scalar.text.isEmpty else { return reject(scalar, expected: "a URL") }
        if let problem = URLRules.problem(of: scalar.text) {
            context.error(problem.message, at: scalar.position, path: scalar.path, help: problem.help)
            return nil
        }
        return locate(scalar.text, scalar)
    }

    /// The path of a file, relative to the file that is being read.
    func file(_ key: String) -> Located<String>? {
        text(key, expected: "the path of a file").flatMap(file)
    }

    /// A text as the path of a file, relative to the file that is being read.
    func file(_ text: Located<String>) -> Located<String>? {
        var path = text
        guard !path.value.utf8.contains(0) else {
            context.error("the path of a file has no NUL", at: path.position, path: path.path)
            return nil
        }
        path.value = FileLocation.resolve(path.value, relativeTo: context.source.file)
        return path
    }

    /// `headers`: names with values that may hold secrets.
    func headers() -> [HeaderConfiguration] {
        guard let mapping = mapping("headers") else { return [] }
        var headers: [HeaderConfiguration] = []
        var names: Set<String> = []
        for entry in mapping.entries where !RepeatedKeys.isPlaceholder(entry.key) {
            let path = HeaderRules.isToken(entry.key) ? mapping.path(of: entry.key) : mapping.path
            guard case .scalar(let scalar) = entry.value.content, scalar.kind != .null else {
                let found = entry.value.kindInWords
                context.error("expected the value of a header, found \(found)", at: entry.value.position, path: path)
                continue
            }
            let header = context.header(
                entry.key,
                scalar.text,
                namePosition: entry.position,
                valuePosition: entry.value.position,
                path: path
            )
            guard let header else { continue }
            // RFC 9110 section 5.1: names are case-insensitive.
            guard names.insert(entry.key.lowercased()).inserted else {
                context.error("duplicate header '\(entry.key)'", at: entry.position, path: path)
                continue
            }
            headers.append(header)
        }
        return headers
    }

    /// `tls`: how a server is verified. The files are read once, to tell now what would fail later.
    func tls(url: Located<String>?) -> TLSConfiguration {
        guard let mapping = mapping("tls") else { return TLSConfiguration() }
        var tls = TLSConfiguration()
        tls.caFile = mapping.readableFile("ca_file")
        let certificate = mapping.readableFile("client_certificate_file")
        let key = mapping.readableFile("client_key_file", isSecret: true)
        tls.clientCertificateFile = certificate
        tls.clientKeyFile = key
        if let skip = mapping.boolean("insecure_skip_verify") {
            tls.insecureSkipVerify = skip.value
            if skip.value {
                let help = "give the server's authority as ca_file instead"
                context.warning("the server is not verified", at: skip.position, path: skip.path, help: help)
            }
        }
        mapping.finish()
        let hasCertificate = mapping.entries.contains { $0.key == "client_certificate_file" }
        if let entry = mapping.entries.first(where: { $0.key == "client_key_file" }), !hasCertificate {
            context.error(
                "client_key_file without client_certificate_file",
                at: entry.position,
                path: mapping.path(of: "client_key_file"),
                help: "a key is of use only together with its certificate"
            )
        }
        if let url, !URLRules.isEncrypted(url.value), !mapping.entries.isEmpty {
            context.warning("'tls' has no effect on an http:// URL", at: mapping.position, path: mapping.path)
        }
        return tls
    }

    /// The largest certificate or key file that is read, in bytes.
    private static let largestCertificateFile = 4 << 20

    /// The path of a file that was read once.
    func readableFile(_ key: String, isSecret: Bool = false) -> String? {
        guard let path = file(key) else { return nil }
        switch context.readFile(path.value, limit: Self.largestCertificateFile) {
        case .failure(let error):
            let message = "cannot read \(path.quotedPath): \(error.message)"
            context.error(message, at: path.position, path: path.path)
        case .success(let contents):
            guard isSecret, contents.isReadableByOthers else { break }
            context.warning(
                "the key file \(path.quotedPath) can be read by others than its owner",
                at: path.position,
                path: path.path,
                help: path.isFromFile ? "chmod 600 it" : "chmod 600 \(path.value)"
            )
        }
        return path.value
    }
}
