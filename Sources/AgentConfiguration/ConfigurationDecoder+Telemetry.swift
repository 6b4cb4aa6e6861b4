// SPDX-License-Identifier: Apache-2.0

extension ConfigurationDecoder {
    /// Decodes `telemetry`.
    func decodeTelemetry(from mapping: MappingReader) -> TelemetryConfiguration {
        var telemetry = TelemetryConfiguration()
        let endpoint = mapping.url("endpoint")
        if let endpoint { check(endpoint) }
        telemetry.endpoint = endpoint?.value
        let directory = mapping.file("directory")
        if let directory, endpoint != nil {
            context.error(
                "'directory' together with 'endpoint'",
                at: directory.position,
                path: directory.path,
                help: "telemetry is either written to files or sent"
            )
        }
        telemetry.directory = directory?.value
        telemetry.headers = mapping.headers()
        telemetry.compression = mapping.choice("compression", of: TelemetryConfiguration.Compression.self)?.value
        telemetry.interval = mapping.duration("interval", from: .milliseconds(100), to: .seconds(86_400))?.value
        telemetry.resource = decodeResource(from: mapping)
        if let sessionIDs = mapping.choice("session_ids", of: TelemetryConfiguration.SessionIDs.self) {
            telemetry.sessionIDs = sessionIDs.value
            if sessionIDs.value == .raw {
                context.warning(
                    "session ids are sent and logged as they are",
                    at: sessionIDs.position,
                    path: sessionIDs.path,
                    help: "whoever reads the telemetry may be able to use the sessions"
                )
            }
        }
        telemetry.tls = mapping.tls(url: endpoint)
        telemetry.spool = decodeSpool(from: mapping)
        mapping.finish()
        return telemetry
    }

    /// Warns of endpoints that cannot work as the base URL of OTLP/HTTP (OTLP 1.9.0, "OTLP/HTTP request").
    private func check(_ endpoint: Located<String>) {
        if endpoint.value.utf8.contains(0x3F) {
            context.error(
                "the endpoint is a base URL and has no query",
                at: endpoint.position,
                path: endpoint.path,
                help: "credentials go under 'headers'"
            )
            return
        }
        let signal = ["metrics", "traces", "logs"].first { endpoint.value.hasSuffix("/v1/\($0)") }
        if let signal {
            context.warning(
                "the endpoint is a base URL, and /v1/\(signal) is appended to it",
                at: endpoint.position,
                path: endpoint.path,
                help: "remove /v1/\(signal)"
            )
        }
        let authority = endpoint.value.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
        if authority.hasSuffix(":4317") {
            context.warning(
                "4317 is the port of OTLP over gRPC, which is not spoken here",
                at: endpoint.position,
                path: endpoint.path,
                help: "receivers speak OTLP over HTTP on port 4318"
            )
        }
    }

    /// Attributes are text: `1.10` stays what was written.
    private func decodeResource(from mapping: MappingReader) -> [TelemetryConfiguration.ResourceAttribute] {
        guard let resource = mapping.mapping("resource") else { return [] }
        return resource.entries.filter { !RepeatedKeys.isPlaceholder($0.key) }.compactMap { entry in
            guard !entry.key.isEmpty else {
                context.error("an attribute needs a name", at: entry.position, path: resource.path)
                return nil
            }
            guard let scalar = resource.scalar(entry, expected: "a text") else { return nil }
            guard scalar.kind != .null else {
                let rejected: Located<String>? = resource.reject(scalar, expected: "a text")
                return rejected.map { TelemetryConfiguration.ResourceAttribute(name: entry.key, value: $0.value) }
            }
            return TelemetryConfiguration.ResourceAttribute(name: entry.key, value: scalar.text)
        }
    }
}
