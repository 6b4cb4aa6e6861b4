// SPDX-License-Identifier: Apache-2.0

extension ConfigurationField {
    /// The keys of `telemetry`.
    static let telemetry: [ConfigurationField] = [
        ConfigurationField(
            "endpoint",
            .url,
            "base URL of an OTLP/HTTP receiver that takes JSON",
            details: "; `/v1/metrics`, `/v1/traces` and `/v1/logs` are appended; no query",
            unset: "`$OTEL_EXPORTER_OTLP_ENDPOINT`, else `http://127.0.0.1:4318`",
            example: "http://127.0.0.1:4318"
        ),
        ConfigurationField(
            "directory",
            .path,
            "instead of `endpoint`: a folder to whose files telemetry is appended, and nothing is sent",
            details: "; these are `traces.jsonl`, `metrics.jsonl` and `logs.jsonl`, a line of OTLP JSON per request",
            example: "telemetry"
        ),
        ConfigurationField(
            "headers",
            .headers,
            "sent with every export",
            details: "; secrets in them are read at the start only: a new token needs a restart",
            example: "{ x-tenant: agents }",
            isSecret: true
        ),
        ConfigurationField(
            "compression",
            .choice(TelemetryConfiguration.Compression.allCases.map(\.rawValue)),
            "of request bodies",
            default: "gzip",
            example: "none"
        ),
        ConfigurationField(
            "session_ids",
            .choice(TelemetryConfiguration.SessionIDs.allCases.map(\.rawValue)),
            "how spans, log records and the log on stderr name a session",
            details: """
                : by a keyed hash, whose key is new at each start, not at all, or by its id, with which readers may be \
                able to use the session (a warning says so)
                """,
            default: "hash",
            example: "omit"
        ),
        ConfigurationField(
            "interval",
            .duration(from: .milliseconds(100), to: .seconds(86_400)),
            "time between two exports of metrics",
            details: "; spans wait at most 5 s, log records 1 s",
            default: "1m",
            example: "15s"
        ),
        ConfigurationField(
            "resource",
            .texts,
            "attributes in addition to [the detected ones](telemetry.md#resource), or instead of those with the same name",
            example: "{ deployment.environment.name: prod }"
        ),
        ConfigurationField(
            "tls",
            .mapping(tls, canBeOff: false),
            "how an `https` endpoint is verified and what it is shown",
            unset: "",
            example: "{ ca_file: ca.pem }",
            companion: "endpoint: https://collector.example:4318"
        ),
        ConfigurationField(
            "spool",
            .mapping(spool, canBeOff: false),
            "a folder for spans and log records that the collector does not take now",
            example: "{ directory: spool }"
        ),
    ]

    /// The keys of `telemetry.spool`.
    static let spool: [ConfigurationField] = [
        ConfigurationField(
            "directory",
            .path,
            "a folder of this agent's own, on a local disk",
            details: "; made with mode 0700 when it is missing. Two agents need two",
            example: "/var/lib/mcp-keepalive/spool",
            isRequired: true
        ),
        ConfigurationField(
            "max_size",
            .size((1 << 20)...(64 << 30)),
            "of all files, in blocks of 4 KiB",
            details: "; the oldest are dropped for new ones",
            default: "64MiB",
            example: "256MiB"
        ),
        ConfigurationField(
            "max_age",
            .duration(from: .seconds(60), to: .seconds(30 * 86_400)),
            "older batches are dropped",
            default: "1d",
            example: "12h"
        ),
    ]
}
