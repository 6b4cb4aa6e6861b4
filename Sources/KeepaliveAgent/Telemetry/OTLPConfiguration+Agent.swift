// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration
package import OTLPExport
import Telemetry

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension OTLPConfiguration {
    /// The collector's receiver where nothing else is configured.
    private static let defaultEndpoint = "http://127.0.0.1:4318"

    /// What the configuration file says of telemetry; where it says nothing OpenTelemetry's variables count.
    package init(_ telemetry: TelemetryConfiguration, environment: [String: String]) {
        self.init(telemetry, variables: OTLPEnvironment(environment))
    }

    /// Each key of the file wins over the variables of the same meaning, and these over the defaults.
    package init(_ telemetry: TelemetryConfiguration, variables: OTLPEnvironment) {
        self.init(endpoint: Self.defaultEndpoint)
        userAgent = "\(AgentVersion.userAgent) OTel-OTLP-Exporter-Swift/\(OTLPConfiguration.exporterVersion)"
        resource = Resource(AttributeSet(Self.detectedResource()))
        apply(variables)
        apply(telemetry)
    }

    private mutating func apply(_ telemetry: TelemetryConfiguration) {
        resource = resource.adding(telemetry.resource.map(Attribute.init))
        if let interval = telemetry.interval { metricInterval = interval }
        spool = telemetry.spool.map { SpoolConfiguration($0) }
        let headers = telemetry.headers.map { header in
            OTLPConfiguration.Header(header.name, header.value.reveal { $0 })
        }
        if let directory = telemetry.directory {
            // What the variables switch off stays off.
            for signal in Signal.allCases {
                guard let exportTimeout = self[signal].map(\.exportTimeout) else { continue }
                self[signal] = Destination(output: .file("\(directory)/\(signal.rawValue).jsonl"))
                self[signal]?.exportTimeout = exportTimeout
            }
        }
        for signal in Signal.allCases {
            guard var destination = self[signal], destination.output == .collector else { continue }
            if let endpoint = telemetry.endpoint { destination.url = Self.url(endpoint, signal) }
            if !headers.isEmpty { destination.headers = headers }
            if let compression = telemetry.compression {
                destination.compression = compression == .none ? .none : .gzip
            }
            let tls = telemetry.tls
            if let file = tls.caFile { destination.certificateFile = file }
            if let file = tls.clientCertificateFile {
                // The two belong together: a key of the environment does not fit a certificate of the file.
                destination.clientCertificateFile = file
                destination.clientKeyFile = tls.clientKeyFile
            }
            destination.insecureSkipVerify = tls.insecureSkipVerify
            // A proxy that the environment names for the world is not the way to a collector on this machine.
            if ServerAddress(url: destination.url).isLoopback { destination.proxy = .none }
            self[signal] = destination
        }
    }

    /// What can be found out about this process (resource semantic conventions 1.44.0).
    private static func detectedResource() -> [Attribute] {
        [
            Attribute("service.name", "mcp-keepalive"),
            Attribute("service.version", .string(AgentVersion.current)),
            Attribute("service.instance.id", .string(randomUUID())),
            Attribute("telemetry.sdk.name", "opentelemetry"),
            Attribute("telemetry.sdk.language", "swift"),
            Attribute("telemetry.sdk.version", .string(OTLPConfiguration.exporterVersion)),
            Attribute("host.name", .string(hostName())),
            Attribute("os.type", "linux"),
            Attribute("process.pid", .int(Int64(getpid()))),
            Attribute("process.executable.name", "mcp-keepalive"),
        ]
    }

    /// A version 4 UUID (RFC 9562, section 5.4).
    private static func randomUUID() -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }
        let groups = [digits[0..<4], digits[4..<6], digits[6..<8], digits[8..<10], digits[10..<16]]
        return groups.map { $0.joined() }.joined(separator: "-")
    }

    private static func hostName() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension Attribute {
    /// An attribute as the configuration file has it.
    fileprivate init(_ attribute: TelemetryConfiguration.ResourceAttribute) {
        self.init(attribute.name, .string(attribute.value))
    }
}
