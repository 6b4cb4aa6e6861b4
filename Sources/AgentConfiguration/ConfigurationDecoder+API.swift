// SPDX-License-Identifier: Apache-2.0

extension ConfigurationDecoder {
    /// Decodes `api`, which may be the word `off`.
    func decodeAPI(from top: MappingReader) -> APIConfiguration {
        guard let entry = top.entry("api") else { return APIConfiguration() }
        if case .scalar = entry.value.content, !entry.value.isNull {
            let scalar = top.scalar(entry, expected: "a mapping or off")
            if let scalar, scalar.text != "off" {
                context.error(
                    "expected a mapping or off, found \(scalar.inWords)",
                    at: scalar.position,
                    path: scalar.path,
                    help: Self.offHelp(scalar)
                )
            }
            return .off
        }
        guard let mapping = top.mapping("api") else { return APIConfiguration() }
        var api = APIConfiguration()
        api.isListenWritten = mapping.entry("listen") != nil
        if let listen = mapping.listenAddress("listen", canBeOff: true) {
            api.listen = listen.value
            warnUnlessLoopback(listen)
        }
        if let socket = decodeSocket(from: mapping) {
            api.socket = socket.value
            api.isSocketOff = socket.value == nil
        }
        api.allowedUsers = mapping.accounts("allowed_users", kind: "user")
        api.allowedGroups = mapping.accounts("allowed_groups", kind: "group")
        if let sessions = mapping.integer("max_sessions", in: 1...1_000_000) { api.maxSessions = sessions.value }
        if let writable = mapping.mapping("writable") { api.writable = decodeWritable(from: writable) }
        if let webhook = mapping.mapping("webhook") { api.webhook = decodeWebhook(from: webhook) }
        mapping.finish()
        if let writable = api.writable, writable.address == api.listen {
            context.error(
                "'listen' and 'writable' have the same address",
                at: mapping.place(of: "writable"),
                path: mapping.path(of: "writable"),
                help: "the read-write API includes the read-only one: write listen: off, or use another port"
            )
        }
        return api
    }

    /// Decodes `state_dir`, where `none` is the same as nothing.
    func decodeStateDirectory(from top: MappingReader) -> String? {
        guard let path = top.file("state_dir", orWord: "none", expected: "the path of a folder, or none") else {
            return nil
        }
        return path.value
    }

    /// The socket; one without a value when it is off.
    private func decodeSocket(from mapping: MappingReader) -> Located<String?>? {
        let expected = "the path of a socket, or off"
        guard let socket = mapping.file("socket", orWord: "off", expected: expected) else { return nil }
        guard let path = socket.value, path.utf8.count > APIConfiguration.longestSocketPath else { return socket }
        context.error(
            "the path of a socket has at most \(APIConfiguration.longestSocketPath) bytes, this one has "
                + "\(path.utf8.count)",
            at: socket.position,
            path: socket.path,
            help: "choose a shorter one, such as /run/mcp-keepalive/api.sock"
        )
        return nil
    }

    private func warnUnlessLoopback(_ listen: Located<ListenAddress?>) {
        guard let address = listen.value, !address.isLoopback else { return }
        context.warning(
            "the status can be read from other machines, by everybody who reaches \(address)",
            at: listen.position,
            path: listen.path,
            help: "listen on 127.0.0.1:\(address.port), or let a firewall decide who may"
        )
    }

    private func decodeWritable(from mapping: MappingReader) -> WritableListener? {
        let address = mapping.listenAddress("listen", canBeOff: false)
        let tokenFile = mapping.file("token_file")
        if let tokenFile { checkToken(tokenFile) }
        let (tls, needsCertificates) = mapping.mapping("tls").map(decodeServerTLS) ?? (nil, false)
        let hosts = mapping.hostNames("allowed_hosts")
        mapping.finish()
        let isEncrypted = !mapping.lacks("tls")
        if mapping.lacks("listen") {
            context.error(
                "'writable' has no 'listen'",
                at: mapping.position,
                path: mapping.path,
                help: "such as 127.0.0.1:7465"
            )
        }
        if mapping.lacks("token_file"), needsCertificates {
            // Which tell who may.
        } else if mapping.lacks("token_file") {
            let isReachable = address?.value.map { !$0.isLoopback } ?? false
            context.error(
                "'writable' has no 'token_file'",
                at: mapping.position,
                path: mapping.path,
                help: isReachable
                    ? "without a token every machine that reaches this address could change the agent's state"
                    : "without a token every user and every browser of this machine could change the agent's state"
            )
        } else if !isEncrypted, let address, let value = address.value, !value.isLoopback {
            context.warning(
                "the token goes over the network to \(value) without encryption",
                at: address.position,
                path: address.path,
                help: "add tls with a certificate_file and a key_file, or listen on 127.0.0.1:\(value.port)"
            )
        }
        guard let address = address?.value, tokenFile != nil || tls != nil else { return nil }
        var writable = WritableListener(address: address, tokenFile: tokenFile?.value)
        writable.tls = tls
        writable.allowedHosts = hosts
        return writable
    }

    /// - Returns: what can be used, and whether clients are meant to need a certificate.
    private func decodeServerTLS(
        from mapping: MappingReader
    ) -> (tls: ServerTLSConfiguration?, needsCertificates: Bool) {
        let certificate = mapping.readableFile("certificate_file")
        let key = mapping.readableFile("key_file", isSecret: true)
        let authorities = mapping.readableFile("client_ca_file")
        let needsCertificates = !mapping.lacks("client_ca_file")
        mapping.finish()
        if mapping.lacks("certificate_file") {
            context.error("'tls' has no 'certificate_file'", at: mapping.position, path: mapping.path)
        }
        guard let certificate else { return (nil, needsCertificates) }
        var tls = ServerTLSConfiguration(certificateFile: certificate)
        tls.keyFile = key
        tls.clientAuthorityFile = authorities
        return (tls, needsCertificates)
    }

    /// The largest file of a token that is read, in bytes.
    private static let largestTokenFile = 64 << 10

    /// Tells now what would fail at the start. The path is not quoted: somebody may have written the token itself.
    private func checkToken(_ file: Located<String>) {
        switch context.readFile(file.value, limit: Self.largestTokenFile) {
        case .failure(let error):
            context.error("cannot read the token file: \(error.message)", at: file.position, path: file.path)
        case .success(let contents):
            if contents.bytes.allSatisfy({ $0 <= 0x20 }) {
                context.error("the token file is empty", at: file.position, path: file.path)
            } else if contents.isReadableByOthers {
                context.warning(
                    "the token file can be read by others than its owner",
                    at: file.position,
                    path: file.path,
                    help: "chmod 600 it"
                )
            }
        }
    }

    private func decodeWebhook(from mapping: MappingReader) -> WebhookConfiguration? {
        let url = mapping.url("url")
        let headers = mapping.headers()
        mapping.finish()
        if mapping.lacks("url") {
            context.error("'webhook' has no 'url'", at: mapping.position, path: mapping.path)
        }
        guard let url else { return nil }
        var webhook = WebhookConfiguration(url: url.value)
        webhook.headers = headers
        return webhook
    }

    /// What to say to whoever meant `off`.
    static func offHelp(_ scalar: ScalarValue) -> String? {
        guard !scalar.isSubstituted else { return nil }
        return ["false", "no", "none", "disabled"].contains(scalar.text.lowercased()) ? "write off" : nil
    }
}
