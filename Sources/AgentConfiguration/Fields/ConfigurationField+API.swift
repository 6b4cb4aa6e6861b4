// SPDX-License-Identifier: Apache-2.0

extension ConfigurationField {
    /// The keys of `api`.
    static let api: [ConfigurationField] = [
        ConfigurationField(
            "listen",
            .address(canBeOff: true),
            "where the read-only status and health are served over TCP",
            details: "; not on loopback: a warning. An IPv6 address is in brackets and quotes: `\"[::1]:7464\"`",
            default: "127.0.0.1:7464",
            example: "\"[::1]:7464\""
        ),
        ConfigurationField(
            "socket",
            .pathOr("off"),
            "the read-write unix socket",
            details: "; at most 107 bytes",
            unset: "`$RUNTIME_DIRECTORY/api.sock`, else `$XDG_RUNTIME_DIR/mcp-keepalive/api.sock`, else off",
            example: "/run/mcp-keepalive/api.sock"
        ),
        ConfigurationField(
            "allowed_users",
            .accounts,
            "who may use the socket besides the agent's own user and root",
            example: "[gateway, 1001]"
        ),
        ConfigurationField(
            "allowed_groups",
            .accounts,
            "whose processes (by their effective group) may use the socket, too",
            example: "[mcp]"
        ),
        ConfigurationField(
            "writable",
            .mapping(writable, canBeOff: false),
            "the read-write API over TCP, for whoever shows a token or a certificate",
            example: "{ listen: \"127.0.0.1:7465\", token_file: token }"
        ),
        ConfigurationField(
            "max_sessions",
            .integer(1...1_000_000),
            "sessions that the API keeps for its users at most",
            default: "50000",
            example: "1000"
        ),
        ConfigurationField(
            "webhook",
            .mapping(webhook, canBeOff: false),
            "who is told of events by a POST",
            details: ", see [the local API](local-api.md#events-by-post)",
            example: "{ url: http://127.0.0.1:9000/hook }"
        ),
    ]

    /// The keys of `api.writable`.
    static let writable: [ConfigurationField] = [
        ConfigurationField(
            "listen",
            .address(canBeOff: false),
            "where the read-write API is served over TCP",
            details: "; not on loopback without `tls`: a warning, since the token is not encrypted",
            example: "127.0.0.1:7465",
            isRequired: true,
            companion: "token_file: token"
        ),
        ConfigurationField(
            "token_file",
            .path,
            "a file with the bearer token that every request has to show",
            details: "; required unless `tls` has `client_ca_file`",
            example: "token",
            companion: "tls: { certificate_file: server.pem, client_ca_file: clients-ca.pem }"
        ),
        ConfigurationField(
            "tls",
            .mapping(writableTLS, canBeOff: false),
            "encryption, and certificates of clients",
            example: "{ certificate_file: server.pem, key_file: server-key.pem }",
            companion: "token_file: token"
        ),
        ConfigurationField(
            "allowed_hosts",
            .hosts,
            "what the header `Host` may name besides `localhost` and IP addresses",
            example: "[agent.internal]",
            companion: "token_file: token"
        ),
    ]

    /// The keys of `api.writable.tls`.
    static let writableTLS: [ConfigurationField] = [
        ConfigurationField(
            "certificate_file",
            .path,
            "PEM file of the listener's certificate",
            details: ", followed by those between it and its authority",
            example: "server.pem",
            isRequired: true
        ),
        ConfigurationField(
            "key_file",
            .path,
            "PEM file of the certificate's key",
            unset: "in the file of the certificate",
            example: "server-key.pem"
        ),
        ConfigurationField(
            "client_ca_file",
            .path,
            "PEM file of the authorities, of one of which clients need a certificate",
            example: "clients-ca.pem"
        ),
    ]

    /// The keys of `api.webhook`.
    static let webhook: [ConfigurationField] = [
        ConfigurationField(
            "url",
            .url,
            "where events are POSTed to",
            example: "http://127.0.0.1:9000/hook",
            isRequired: true
        ),
        ConfigurationField(
            "headers",
            .headers,
            "sent with every POST",
            example: "{ x-tenant: agents }",
            isSecret: true
        ),
    ]
}
