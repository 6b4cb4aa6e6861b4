// SPDX-License-Identifier: Apache-2.0

public import Telemetry

/// Where telemetry is sent and how.
public struct OTLPConfiguration: Sendable {
    /// How request bodies are encoded.
    public enum Compression: String, Sendable, Hashable, CaseIterable {
        /// gzip, except for bodies under 256 bytes.
        case gzip
        /// Not at all.
        case none
    }

    /// The proxy between here and the collector.
    public enum Proxy: Sendable, Hashable {
        /// What `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say.
        case environment
        /// None.
        case none
        /// This one, as a URL.
        case url(String)
    }

    /// What takes the requests of a signal.
    public enum Output: Sendable, Hashable {
        /// The collector at the destination's URL.
        case collector
        /// stdout: a line of OTLP JSON per request, as collectors read them from files.
        case lines
        /// stdout: a line per span, point and log record, for people.
        case console
        /// The file at this path, made when it is not there: a line of OTLP JSON per request. Each signal needs its own
        /// (OTLP file exporter, "Telemetry data requirements").
        case file(String)
    }

    /// A header that is sent with each request. The value may be a secret; a description leaves it out.
    public struct Header: Sendable, Hashable, CustomStringConvertible {
        /// The name.
        public var name: String
        /// The value; without control characters.
        public var value: String

        /// A header.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        /// The name only.
        public var description: String { "\(name): ••••" }
    }

    /// The destination of one signal.
    public struct Destination: Sendable, Hashable {
        /// The whole URL, `http` or `https`, path included.
        public var url: String
        /// Headers of each request, authorization for instance.
        public var headers: [Header] = []
        /// How bodies are encoded.
        public var compression = Compression.gzip
        /// How long one attempt may take.
        public var timeout: Duration = .seconds(10)
        /// PEM file of the certificate authorities to trust; the system's when nil.
        public var certificateFile: String?
        /// PEM file of our certificate.
        public var clientCertificateFile: String?
        /// PEM file of its key.
        public var clientKeyFile: String?
        /// Whether any server certificate is accepted; for tests.
        public var insecureSkipVerify = false
        /// The proxy.
        public var proxy = Proxy.environment
        /// How long one export may take, repeated attempts included; the configuration's `exportTimeout` when nil.
        public var exportTimeout: Duration?
        /// What takes the requests; the URL, and all that belongs to it, counts for a collector only.
        public var output = Output.collector

        /// A destination.
        public init(url: String) {
            self.url = url
        }

        /// A destination that is no collector.
        public init(output: Output) {
            self.init(url: "")
            self.output = output
            compression = .none
        }
    }

    /// What produces the telemetry.
    public var resource = Resource(.empty)
    /// Where spans go; nil: they are not exported.
    public var traces: Destination?
    /// Where metrics go; nil: they are not exported.
    public var metrics: Destination?
    /// Where log records go; nil: they are not exported.
    public var logs: Destination?
    /// The header User-Agent.
    public var userAgent = "OTel-OTLP-Exporter-Swift/\(OTLPConfiguration.exporterVersion)"
    /// gzip level, 1 (fastest) to 9 (smallest).
    public var compressionLevel = 1
    /// How long one export may take, waits and repeated attempts included.
    public var exportTimeout: Duration = .seconds(30)
    /// The time between two exports of metrics.
    public var metricInterval: Duration = .seconds(60)
    /// The queue of spans.
    public var spanQueue = QueueLimits.spans
    /// The queue of log records.
    public var logQueue = QueueLimits.logs
    /// Where spans and log records wait on disk for a collector that does not take them; nil: nowhere.
    public var spool: SpoolConfiguration?
    /// Limits of spans.
    public var spanLimits = SpanLimits()
    /// Limits of log records.
    public var logRecordLimits = LogRecordLimits()
    /// When failed attempts are repeated.
    public var retry = Retry()
    /// The greatest number of metric points per request; more are sent in several.
    public var pointsPerRequest = 10_000
    /// The largest request in bytes before compression; a larger one is not sent (OTLP specification, 64 MiB).
    public var maximumRequestBytes = 64 << 20
    /// The largest reply that is read, in bytes after inflating (OTLP specification, 4 MiB).
    public var maximumReplyBytes = 4 << 20

    /// The version of this exporter, part of the default User-Agent.
    public static let exporterVersion = "0.1.0"

    /// Sends all signals to the collector at `endpoint`, each to its own path below it.
    public init(endpoint: String = "http://127.0.0.1:4318") {
        traces = Destination(url: OTLPConfiguration.url(endpoint, .traces))
        metrics = Destination(url: OTLPConfiguration.url(endpoint, .metrics))
        logs = Destination(url: OTLPConfiguration.url(endpoint, .logs))
    }

    /// The URL of a signal below a base URL, whose query stays at the end.
    public static func url(_ base: String, _ signal: Signal) -> String {
        let end = base.firstIndex { $0 == "?" || $0 == "#" } ?? base.endIndex
        let path = base[..<end]
        return "\(path)\(path.hasSuffix("/") ? "" : "/")\(signal.path)\(base[end...])"
    }

    /// The destination of a signal; nil when it is not exported.
    public subscript(signal: Signal) -> Destination? {
        get {
            switch signal {
            case .traces: traces
            case .metrics: metrics
            case .logs: logs
            }
        }
        set {
            switch signal {
            case .traces: traces = newValue
            case .metrics: metrics = newValue
            case .logs: logs = newValue
            }
        }
    }

    /// Whether any signal is exported.
    public var exports: Bool {
        Signal.allCases.contains { self[$0] != nil }
    }

    /// Changes the destination of every signal that has one.
    public mutating func updateDestinations(_ change: (inout Destination) -> Void) {
        for signal in Signal.allCases {
            guard var destination = self[signal] else { continue }
            change(&destination)
            self[signal] = destination
        }
    }
}
