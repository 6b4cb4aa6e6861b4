// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import OTLPExport

/// What environment variables decide where the configuration file says nothing.
struct EnvironmentOrigins {
    /// By the path of the key that the variable stands for.
    private(set) var values: [String: EffectiveConfiguration.Variable] = [:]
    /// What else variables do, in lines for people.
    private(set) var remarks: [String] = []
    /// Variables with which the agent would not start.
    let errors: [EnvironmentProblem]

    /// The variables that have a key of the same meaning.
    private static let keys = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "telemetry.endpoint"), ("OTEL_EXPORTER_OTLP_HEADERS", "telemetry.headers"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "telemetry.compression"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "telemetry.interval"),
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", "telemetry.tls.ca_file"),
        ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "telemetry.tls.client_certificate_file"),
        ("OTEL_EXPORTER_OTLP_CLIENT_KEY", "telemetry.tls.client_key_file"),
    ]

    init(_ configuration: Configuration, _ environment: [String: String]) {
        let read = OTLPEnvironment(environment)
        errors = read.errors
        // What was ignored decides nothing; its value is not shown, for it may be a secret in the wrong place.
        let ignored = Set(read.problems.map(\.variable))
        let isSet = { (name: String) in
            !(environment[name] ?? "").allSatisfy(\.isWhitespace) && !ignored.contains(name)
        }
        if read.isDisabled {
            remarks.append("OTEL_SDK_DISABLED: no telemetry at all")
        } else {
            for (name, key) in Self.keys where isSet(name) && !Self.isRuledOut(key, by: configuration.telemetry) {
                guard let text = environment[name] else { continue }
                values[key] = .init(name: name, value: Self.shown(text, of: key))
            }
            let mapped = Set(Self.keys.map(\.0))
            let others = environment.keys.filter { $0.hasPrefix("OTEL_") && !mapped.contains($0) && isSet($0) }
            if !others.isEmpty { remarks.append("also counts: \(others.sorted().joined(separator: ", "))") }
        }
        let folders = ["RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR"]
        for name in folders where values["api.socket"] == nil && configuration.api.socket == nil {
            let alone = configuration.api.socketPath(environment: environment.filter { $0.key == name })
            if let alone { values["api.socket"] = .init(name: name, value: alone) }
        }
    }

    /// A key and its certificate belong together, and what goes to files goes to no collector.
    private static func isRuledOut(_ key: String, by telemetry: TelemetryConfiguration) -> Bool {
        if key == "telemetry.tls.client_key_file", telemetry.tls.clientCertificateFile != nil { return true }
        return telemetry.directory != nil && key != "telemetry.interval"
    }

    private static func shown(_ text: String, of key: String) -> String {
        switch key {
        case "telemetry.headers": "••••"
        case "telemetry.endpoint": OTLPConfiguration.displayName(of: text)
        case "telemetry.compression": text.lowercased()
        case "telemetry.interval": Int64(text).map { DurationText.format(.milliseconds($0)) } ?? text
        default: text
        }
    }
}
