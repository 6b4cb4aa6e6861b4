// SPDX-License-Identifier: Apache-2.0

extension OTLPEnvironment {
    /// `OTEL_{TRACES,METRICS,LOGS}_EXPORTER`.
    public enum Exporter: String, Sendable, Hashable, CaseIterable {
        /// To a collector.
        case otlp
        /// To stdout, for people.
        case console
        /// To nowhere.
        case none
        /// To stdout, as lines of OTLP JSON.
        case otlpStdout = "otlp/stdout"
    }

    /// Where a signal goes and how: what its own variables say, and where they say nothing the general ones.
    public struct Destination: Sendable, Hashable {
        /// What it is handed to.
        public private(set) var exporter = Exporter.otlp
        /// `…_ENDPOINT`: the whole URL.
        public private(set) var url: String?
        /// `…_HEADERS`: those of the signal count instead of the general ones, not in addition to them.
        public private(set) var headers: [OTLPConfiguration.Header]?
        /// `…_TIMEOUT`: of one attempt; very long where there is no limit.
        public private(set) var timeout: Duration?
        /// `…_COMPRESSION`: of request bodies.
        public private(set) var compression: OTLPConfiguration.Compression?
        /// `…_CERTIFICATE`: PEM file of the certificate authorities to trust.
        public private(set) var certificateFile: String?
        /// `…_CLIENT_CERTIFICATE`: PEM file of our certificate.
        public private(set) var clientCertificateFile: String?
        /// `…_CLIENT_KEY`: PEM file of its key.
        public private(set) var clientKeyFile: String?
    }
}

extension OTLPEnvironment.Destination {
    /// A protocol of OTLP.
    private enum Wire: String, CaseIterable {
        case json = "http/json"
        case protobuf = "http/protobuf"
        case grpc
    }

    /// The destinations of all signals.
    static func all(with reader: inout EnvironmentReader) -> [Signal: Self] {
        var general = Self()
        general.read("OTEL_EXPORTER_OTLP", with: &reader)
        let base = readEndpoint("OTEL_EXPORTER_OTLP_ENDPOINT", isBase: true, with: &reader)
        let wire = reader.choice("OTEL_EXPORTER_OTLP_PROTOCOL", of: Wire.self)
        var destinations: [Signal: Self] = [:]
        var isGeneralWireUsed = false
        for signal in Signal.allCases {
            let word = signal.rawValue.uppercased()
            var destination = general
            destination.exporter = readExporter("OTEL_\(word)_EXPORTER", with: &reader)
            let prefix = "OTEL_EXPORTER_OTLP_\(word)"
            destination.read(prefix, with: &reader)
            destination.url =
                readEndpoint("\(prefix)_ENDPOINT", isBase: false, with: &reader)
                ?? base.map { OTLPConfiguration.url($0, signal) }
            let ownWire = reader.choice("\(prefix)_PROTOCOL", of: Wire.self)
            if destination.exporter == .otlp {
                if let ownWire { check(ownWire, of: "\(prefix)_PROTOCOL", with: &reader) }
                isGeneralWireUsed = isGeneralWireUsed || ownWire == nil
            }
            destinations[signal] = destination
        }
        if let wire, isGeneralWireUsed { check(wire, of: "OTEL_EXPORTER_OTLP_PROTOCOL", with: &reader) }
        return destinations
    }

    private mutating func read(_ prefix: String, with reader: inout EnvironmentReader) {
        headers = Self.readHeaders("\(prefix)_HEADERS", with: &reader) ?? headers
        timeout = reader.timeout("\(prefix)_TIMEOUT") ?? timeout
        compression = reader.choice("\(prefix)_COMPRESSION", of: OTLPConfiguration.Compression.self) ?? compression
        certificateFile = reader.text("\(prefix)_CERTIFICATE") ?? certificateFile
        clientCertificateFile = reader.text("\(prefix)_CLIENT_CERTIFICATE") ?? clientCertificateFile
        clientKeyFile = reader.text("\(prefix)_CLIENT_KEY") ?? clientKeyFile
    }

    /// Only http/json is spoken. Sending that to who expects something else would lose everything, so the start fails.
    private static func check(_ wire: Wire, of name: String, with reader: inout EnvironmentReader) {
        guard wire != .json else { return }
        let port = wire == .grpc ? ", and name the port of OTLP/HTTP, mostly 4318, in the endpoint" : ""
        reader.fail(
            name,
            "the protocol \(wire.rawValue) is not supported, only http/json is; set it to http/json or unset it\(port)"
        )
    }

    private static func readExporter(_ name: String, with reader: inout EnvironmentReader) -> OTLPEnvironment.Exporter {
        guard let text = reader.text(name) else { return .otlp }
        var known: [OTLPEnvironment.Exporter] = []
        for word in text.split(separator: ",").map({ $0.trimmed.lowercased() }) where !word.isEmpty {
            if let exporter = OTLPEnvironment.Exporter(rawValue: word) {
                if !known.contains(exporter) { known.append(exporter) }
            } else {
                reader.warn(name, "\(word.quoted) is not one of otlp, console, none, otlp/stdout; it is ignored")
            }
        }
        guard let first = known.first else { return .otlp }
        if known.count > 1 {
            reader.warn(name, "a signal has one exporter here; '\(first.rawValue)' is used")
        }
        return first
    }

    private static func readEndpoint(_ name: String, isBase: Bool, with reader: inout EnvironmentReader) -> String? {
        guard let text = reader.text(name) else { return nil }
        if let problem = EndpointText.problem(of: text) {
            // Not quoted: a URL can hold a password.
            reader.warn(name, "\(problem); it is ignored")
            return nil
        }
        if EndpointText.isGRPC(text) {
            reader.warn(name, "4317 is the port of OTLP over gRPC, which is not spoken here; 4318 is that of OTLP/HTTP")
        }
        if isBase, let signal = Signal.allCases.first(where: { text.hasSuffix("/\($0.path)") }) {
            reader.warn(name, "it is a base URL, to which \(signal.path) is appended; leave \(signal.path) out")
        }
        return isBase ? text : EndpointText.completed(text)
    }

    /// What the exporter sends itself.
    private static let reserved: Set<String> = [
        "content-type", "content-encoding", "content-length", "transfer-encoding", "connection", "expect", "host",
    ]

    private static func readHeaders(
        _ name: String,
        with reader: inout EnvironmentReader
    ) -> [OTLPConfiguration.Header]? {
        guard let text = reader.text(name) else { return nil }
        var headers: [OTLPConfiguration.Header] = []
        for (index, entry) in KeyValueList.parse(text).enumerated() {
            let number = index + 1
            switch entry {
            case .malformed(let problem): reader.warn(name, "entry \(number) \(problem); it is ignored")
            case .pair(let key, let value):
                if !key.isHeaderName {
                    reader.warn(name, "entry \(number) has a name that no header can have; it is ignored")
                } else if reserved.contains(key.lowercased()) {
                    reader.warn(name, "the header \(key) is the exporter's own; it is ignored")
                } else if !value.isHeaderValue {
                    reader.warn(name, "the value of \(key) has a line break or control character; it is ignored")
                } else {
                    headers.removeAll { $0.name.lowercased() == key.lowercased() }
                    headers.append(OTLPConfiguration.Header(key, value))
                }
            }
        }
        return headers
    }
}

extension String {
    /// RFC 9110, section 5.6.2: token.
    fileprivate var isHeaderName: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// RFC 9110, section 5.5: no control character but the tab.
    fileprivate var isHeaderValue: Bool {
        utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}
