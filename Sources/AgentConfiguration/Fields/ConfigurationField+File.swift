// SPDX-License-Identifier: Apache-2.0

extension ConfigurationField {
    /// All keys of the file at its top, in the order of the reference and of the sample.
    package static let file: [ConfigurationField] = [
        ConfigurationField("version", .version, "version of the file format", default: "1", example: "1"),
        ConfigurationField(
            "telemetry",
            .mapping(telemetry, canBeOff: false),
            "where telemetry goes and how",
            unset: "",
            example: "{ endpoint: http://127.0.0.1:4318 }"
        ),
        ConfigurationField(
            "defaults",
            .mapping(settings, canBeOff: false),
            "what every backend inherits",
            unset: "",
            example: "{ interval: 4m }"
        ),
        ConfigurationField(
            "sessions_file",
            .path,
            "the list of [attached sessions](#the-sessions-file), watched",
            example: "sessions.json"
        ),
        ConfigurationField(
            "backends",
            .named(backend),
            "the MCP servers, by name",
            unset: "none, with a warning",
            example: "{ playwright: { url: http://127.0.0.1:8931/mcp } }"
        ),
        ConfigurationField(
            "api",
            .mapping(api, canBeOff: true),
            "the local API: status, health, and orders",
            details: "; `off` switches all of it off",
            unset: "",
            example: "{ max_sessions: 1000 }"
        ),
        ConfigurationField(
            "state_dir",
            .pathOr("none"),
            "a folder for what outlives a restart",
            details: "; without it everything is in memory only",
            default: "none",
            example: "/var/lib/mcp-keepalive"
        ),
    ]

    /// The keys of `tls`, of telemetry and of backends.
    package static let tls: [ConfigurationField] = [
        ConfigurationField(
            "ca_file",
            .path,
            "PEM file of the authorities to trust",
            unset: "the system's authorities",
            example: "ca.pem"
        ),
        ConfigurationField(
            "client_certificate_file",
            .path,
            "PEM file of the certificate to show",
            example: "client.pem"
        ),
        ConfigurationField(
            "client_key_file",
            .path,
            "PEM file of the certificate's key",
            details: "; needs the certificate",
            example: "client-key.pem",
            companion: "client_certificate_file: client.pem"
        ),
        ConfigurationField(
            "insecure_skip_verify",
            .boolean,
            "accept any certificate",
            details: "; always a warning",
            default: "false",
            example: "true"
        ),
    ]
}
