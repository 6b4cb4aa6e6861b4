// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import OTLPExport
import Telemetry
import Testing

/// The configuration file, then OpenTelemetry's variables, then the default.
struct EnvironmentPrecedenceTests {
    private static func configuration(
        _ variables: [String: String],
        file change: (inout TelemetryConfiguration) -> Void = { _ in }
    ) -> OTLPConfiguration {
        var telemetry = TelemetryConfiguration()
        change(&telemetry)
        return OTLPConfiguration(telemetry, environment: variables)
    }

    /// What is used under the file and the variables; each alone, both, none.
    private static func expect<Value: Equatable>(
        _ value: (OTLPConfiguration) -> Value?,
        file: (Value, (inout TelemetryConfiguration) -> Void),
        variables: (Value, [String: String]),
        default: Value?
    ) {
        #expect(value(configuration([:])) == `default`)
        #expect(value(configuration(variables.1)) == variables.0)
        #expect(value(configuration([:], file: file.1)) == file.0)
        #expect(value(configuration(variables.1, file: file.1)) == file.0)
    }

    @Test(arguments: [
        ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://variable"],
        ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": "http://variable/v1/logs"],
    ])
    func `the endpoint`(_ variables: [String: String]) {
        Self.expect(
            { $0.logs?.url },
            file: ("http://file/v1/logs", { $0.endpoint = "http://file" }),
            variables: ("http://variable/v1/logs", variables),
            default: "http://127.0.0.1:4318/v1/logs"
        )
    }

    @Test func `the table of keys has the defaults that count here`() throws {
        let fields = ConfigurationField.all().filter { $0.path.first == "telemetry" && $0.path.count == 2 }
        let defaults = Dictionary(uniqueKeysWithValues: fields.map { ($0.field.name, $0.field.defaultValue) })
        let configuration = Self.configuration([:])
        #expect(try DurationText.parse(#require(defaults["interval"] ?? nil)) == configuration.metricInterval)
        #expect(defaults["compression"] == (configuration.metrics?.compression == .gzip ? "gzip" : "none"))
        let endpoint = try #require(configuration.metrics?.url.dropLast("/v1/metrics".count))
        let unset = try #require(fields.first { $0.field.name == "endpoint" }).field.unset
        #expect(unset.contains("else `\(endpoint)`"))
    }

    @Test(arguments: ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"])
    func `headers`(_ name: String) throws {
        let header = try HeaderConfiguration.test("x-file", "1")
        Self.expect(
            { $0.traces?.headers },
            file: ([.init("x-file", "1")], { $0.headers = [header] }),
            variables: ([.init("x-variable", "2")], [name: "x-variable=2"]),
            default: []
        )
    }

    @Test(arguments: ["OTEL_EXPORTER_OTLP_COMPRESSION", "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION"])
    func `compression`(_ name: String) {
        Self.expect(
            { $0.metrics?.compression },
            file: (.gzip, { $0.compression = .gzip }),
            variables: (.none, [name: "none"]),
            default: .gzip
        )
        Self.expect(
            { $0.metrics?.compression },
            file: (.none, { $0.compression = TelemetryConfiguration.Compression.none }),
            variables: (.gzip, [name: "gzip"]),
            default: .gzip
        )
    }

    @Test func `the interval of metrics`() {
        Self.expect(
            { $0.metricInterval },
            file: (.seconds(5), { $0.interval = .seconds(5) }),
            variables: (.seconds(7), ["OTEL_METRIC_EXPORT_INTERVAL": "7000"]),
            default: .seconds(60)
        )
    }

    @Test(arguments: ["OTEL_SERVICE_NAME=variable", "OTEL_RESOURCE_ATTRIBUTES=service.name=variable"])
    func `the resource`(_ variable: String) throws {
        let equals = try #require(variable.firstIndex(of: "="))
        Self.expect(
            { $0.resource.attributes["service.name"] },
            file: ("file", { $0.resource = [.init(name: "service.name", value: "file")] }),
            variables: ("variable", [String(variable[..<equals]): String(variable[equals...].dropFirst())]),
            default: "mcp-keepalive"
        )
    }

    @Test func `certificates`() {
        Self.expect(
            { $0.logs?.certificateFile },
            file: ("/file", { $0.tls.caFile = "/file" }),
            variables: ("/variable", ["OTEL_EXPORTER_OTLP_CERTIFICATE": "/variable"]),
            default: nil
        )
        let variables = [
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE": "/variable", "OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY": "/key",
        ]
        Self.expect(
            { $0.logs?.clientCertificateFile },
            file: ("/file", { $0.tls.clientCertificateFile = "/file" }),
            variables: ("/variable", variables),
            default: nil
        )
        #expect(Self.configuration(variables).logs?.clientKeyFile == "/key")
        // A certificate of the file with its key in the same file, not with another's.
        let mixed = Self.configuration(variables) { $0.tls.clientCertificateFile = "/file" }
        #expect(mixed.logs?.clientKeyFile == nil)
    }

    @Test func `a signal that goes to stdout or nowhere goes there whatever the endpoint`() {
        let variables = ["OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "otlp/stdout"]
        let configuration = Self.configuration(variables) { telemetry in
            telemetry.endpoint = "http://file"
            telemetry.compression = .gzip
        }
        #expect(configuration.traces == nil)
        #expect(configuration.metrics == OTLPConfiguration.Destination(output: .lines))
        #expect(configuration.logs?.url == "http://file/v1/logs")
    }

    @Test func `a directory of files counts instead of what the variables say, but what they switch off is off`() {
        let variables = [
            "OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "console", "OTEL_BLRP_EXPORT_TIMEOUT": "5000",
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://variable",
        ]
        let configuration = Self.configuration(variables) { telemetry in
            telemetry.directory = "/var/log/agent"
            telemetry.compression = .gzip
        }
        #expect(configuration.traces == nil)
        #expect(configuration.metrics?.output == .file("/var/log/agent/metrics.jsonl"))
        #expect(configuration.logs?.output == .file("/var/log/agent/logs.jsonl"))
        #expect(configuration.logs?.exportTimeout == .seconds(5))
        #expect(configuration.logs?.compression == OTLPConfiguration.Compression.none)
    }
}
