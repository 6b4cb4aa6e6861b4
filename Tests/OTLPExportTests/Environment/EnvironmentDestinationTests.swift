// SPDX-License-Identifier: Apache-2.0

import OTLPExport
import Telemetry
import Testing

/// Where the variables send each signal: OTLP exporter specification, "Configuration Options".
struct EnvironmentDestinationTests {
    private static let prefix = "OTEL_EXPORTER_OTLP_"

    private static func destination(_ signal: Signal, _ variables: [String: String]) -> OTLPConfiguration.Destination? {
        OTLPConfiguration(OTLPEnvironment(variables))[signal]
    }

    private static func word(_ signal: Signal) -> String { signal.rawValue.uppercased() }

    // MARK: Endpoints

    @Test(
        arguments: Signal.allCases,
        [
            ("http://c:4318", "http://c:4318/v1/"), ("http://c:4318/", "http://c:4318/v1/"),
            ("HTTPS://c/base/", "HTTPS://c/base/v1/"), ("http://[::1]:4318", "http://[::1]:4318/v1/"),
            ("http://u:p@c", "http://u:p@c/v1/"),
        ]
    )
    func `the general endpoint is a base`(_ signal: Signal, _ endpoint: (text: String, base: String)) {
        let variables = ["OTEL_EXPORTER_OTLP_ENDPOINT": endpoint.text]
        #expect(Self.destination(signal, variables)?.url == endpoint.base + signal.rawValue)
        #expect(OTLPEnvironment(variables).problems.isEmpty)
    }

    @Test(
        arguments: Signal.allCases,
        [
            ("http://c:4318", "http://c:4318/"), ("http://c:4318/", "http://c:4318/"), ("http://c/x", "http://c/x"),
            ("http://c/v1/traces", "http://c/v1/traces"), ("http://c?a=1", "http://c/?a=1"),
        ]
    )
    func `the endpoint of a signal is taken as it is`(_ signal: Signal, _ endpoint: (text: String, url: String)) {
        let variables = [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://general",
            "\(Self.prefix)\(Self.word(signal))_ENDPOINT": endpoint.text,
        ]
        #expect(OTLPEnvironment(variables).problems.isEmpty)
        for other in Signal.allCases {
            let expected = other == signal ? endpoint.url : "http://general/\(other.path)"
            #expect(Self.destination(other, variables)?.url == expected)
        }
    }

    @Test(arguments: [
        "collector:4318", "ftp://c", "c", "http://", "http:///v1", "http://c:0", "http://c:99999", "http://c:x",
        "http://a b", "http://c\u{7}", "http://ü", "http://c/#x", "http://[::1", "http://[]",
    ])
    func `an endpoint that is no URL is told of and ignored, and not shown`(_ text: String) {
        let general = ["OTEL_EXPORTER_OTLP_ENDPOINT": text]
        #expect(Self.destination(.traces, general)?.url == "http://127.0.0.1:4318/v1/traces")
        #expect(OTLPEnvironment(general).warnings.map(\.variable) == ["OTEL_EXPORTER_OTLP_ENDPOINT"])
        let own = [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://general", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": text,
        ]
        #expect(Self.destination(.logs, own)?.url == "http://general/v1/logs")
        #expect(OTLPEnvironment(own).warnings.map(\.variable) == ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"])
    }

    @Test(arguments: ["http://c:4317", "http://c:4318/v1/traces"])
    func `an endpoint that looks mistaken is used, with a warning`(_ text: String) {
        let variables = ["OTEL_EXPORTER_OTLP_ENDPOINT": text]
        #expect(Self.destination(.metrics, variables)?.url == "\(text)/v1/metrics")
        #expect(OTLPEnvironment(variables).warnings.count == 1)
    }

    // MARK: Protocols

    @Test(arguments: ["grpc", "http/protobuf", "GRPC"], ["", "TRACES_", "METRICS_", "LOGS_"])
    func `a protocol that is not spoken is an error`(_ name: String, _ signal: String) throws {
        let environment = OTLPEnvironment(["\(Self.prefix)\(signal)PROTOCOL": name])
        let error = try #require(environment.errors.first)
        #expect(environment.problems == [error])
        #expect(error.variable == "\(Self.prefix)\(signal)PROTOCOL")
        #expect(error.description.contains(name.lowercased()) && error.description.contains("http/json"))
    }

    @Test func `the protocol of a signal counts instead of the general one`() {
        var variables = ["OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"]
        for signal in Signal.allCases { variables["\(Self.prefix)\(Self.word(signal))_PROTOCOL"] = "http/json" }
        #expect(OTLPEnvironment(variables).problems.isEmpty)
        variables["OTEL_EXPORTER_OTLP_LOGS_PROTOCOL"] = ""
        #expect(OTLPEnvironment(variables).errors.map(\.variable) == ["OTEL_EXPORTER_OTLP_PROTOCOL"])
    }

    @Test func `the protocol does not matter where nothing is sent to a collector`() {
        var variables = ["OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "grpc"]
        variables["OTEL_TRACES_EXPORTER"] = "none"
        variables["OTEL_METRICS_EXPORTER"] = "console"
        variables["OTEL_LOGS_EXPORTER"] = "otlp/stdout"
        #expect(OTLPEnvironment(variables).problems.isEmpty)
    }

    @Test(arguments: [("http/json", 0), ("HTTP/JSON", 0), ("http/xml", 1), ("json", 1)])
    func `an unknown protocol is told of and ignored`(_ name: String, _ warnings: Int) {
        let environment = OTLPEnvironment(["OTEL_EXPORTER_OTLP_PROTOCOL": name])
        #expect(environment.warnings.count == warnings)
        #expect(environment.errors.isEmpty)
    }

    // MARK: Headers

    @Test(arguments: [
        ("a=1,b=2", [("a", "1"), ("b", "2")]), ("Authorization=Basic%20eHh4%3D", [("Authorization", "Basic eHh4=")]),
        (" x-key = v v ", [("x-key", "v v")]), ("a=1,A=2", [("A", "2")]), ("a=", [("a", "")]),
        ("a=x=y", [("a", "x=y")]),
        ("a=1,,", [("a", "1")]),
    ])
    func `headers are a percent-encoded list`(_ text: String, _ expected: [(String, String)]) {
        let variables = ["OTEL_EXPORTER_OTLP_HEADERS": text]
        for signal in Signal.allCases {
            #expect(Self.destination(signal, variables)?.headers == expected.map { .init($0.0, $0.1) })
        }
        #expect(OTLPEnvironment(variables).problems.isEmpty)
    }

    @Test(arguments: [
        "canary", "=canary", "a b=canary", "a=canary%", "a=canary%zz", "a=canary%ff", "a=canary%0D%0Ax: y",
        "a=canary%00",
        "a=canary;p=1", "Content-Type=canary", "host=canary", "a%3A=canary",
    ])
    func `a bad header is told of and left out, and its value is never shown`(_ entry: String) {
        let variables = ["OTEL_EXPORTER_OTLP_HEADERS": "good=1,\(entry),fine=2"]
        #expect(Self.destination(.logs, variables)?.headers.map(\.name) == ["good", "fine"])
        let problems = OTLPEnvironment(variables).problems
        #expect(problems.map(\.severity) == [.warning])
        #expect(!"\(problems)".contains("canary"))
    }

    @Test func `the headers of a signal replace the general ones`() {
        let variables = ["OTEL_EXPORTER_OTLP_HEADERS": "a=1,b=2", "OTEL_EXPORTER_OTLP_METRICS_HEADERS": "c=3"]
        #expect(Self.destination(.metrics, variables)?.headers == [.init("c", "3")])
        #expect(Self.destination(.traces, variables)?.headers == [.init("a", "1"), .init("b", "2")])
    }

    // MARK: The rest

    @Test(arguments: Signal.allCases) func `what a signal says counts instead of what is said in general`(
        _ signal: Signal
    ) {
        let own = "\(Self.prefix)\(Self.word(signal))_"
        let variables = [
            "OTEL_EXPORTER_OTLP_TIMEOUT": "1000", "\(own)TIMEOUT": "2000",
            "OTEL_EXPORTER_OTLP_COMPRESSION": "none", "\(own)COMPRESSION": "GZIP",
            "OTEL_EXPORTER_OTLP_CERTIFICATE": "/ca", "\(own)CERTIFICATE": "/own/ca",
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE": "/cert", "\(own)CLIENT_CERTIFICATE": "/own/cert",
            "OTEL_EXPORTER_OTLP_CLIENT_KEY": "/key", "\(own)CLIENT_KEY": "/own/key",
        ]
        #expect(OTLPEnvironment(variables).problems.isEmpty)
        for other in Signal.allCases {
            let isOwn = other == signal
            let destination = Self.destination(other, variables)
            #expect(destination?.timeout == (isOwn ? .seconds(2) : .seconds(1)))
            #expect(destination?.compression == (isOwn ? .gzip : OTLPConfiguration.Compression.none))
            #expect(destination?.certificateFile == (isOwn ? "/own/ca" : "/ca"))
            #expect(destination?.clientCertificateFile == (isOwn ? "/own/cert" : "/cert"))
            #expect(destination?.clientKeyFile == (isOwn ? "/own/key" : "/key"))
        }
    }

    @Test func `what is bad for a signal leaves the general value in force`() {
        let variables = [
            "OTEL_EXPORTER_OTLP_TIMEOUT": "1000", "OTEL_EXPORTER_OTLP_LOGS_TIMEOUT": "-1",
            "OTEL_EXPORTER_OTLP_COMPRESSION": "none", "OTEL_EXPORTER_OTLP_LOGS_COMPRESSION": "zstd",
        ]
        let logs = Self.destination(.logs, variables)
        #expect(logs?.timeout == .seconds(1))
        #expect(logs?.compression == OTLPConfiguration.Compression.none)
        #expect(OTLPEnvironment(variables).warnings.count == 2)
    }

    @Test(
        arguments: Signal.allCases,
        [
            ("otlp", OTLPConfiguration.Output.collector, 0), ("OTLP", .collector, 0), ("console", .console, 0),
            ("otlp/stdout", .lines, 0), ("none", nil, 0), ("prometheus", .collector, 1), ("console,otlp", .console, 1),
            ("zipkin, none", nil, 1), ("otlp,otlp", .collector, 0),
        ]
    )
    func `chooses the exporter of a signal`(
        _ signal: Signal,
        _ choice: (text: String, output: OTLPConfiguration.Output?, warnings: Int)
    ) {
        let variables = ["OTEL_\(Self.word(signal))_EXPORTER": choice.text]
        #expect(OTLPEnvironment(variables).warnings.count == choice.warnings)
        for other in Signal.allCases {
            #expect(Self.destination(other, variables)?.output == (other == signal ? choice.output : .collector))
        }
    }

    @Test func `a signal that the program does not export stays so`() {
        var configuration = OTLPConfiguration()
        configuration.logs = nil
        configuration.apply(OTLPEnvironment(["OTEL_LOGS_EXPORTER": "console"]))
        #expect(configuration.logs == nil)
    }

    // MARK: Metrics

    @Test(arguments: [("cumulative", 0), ("Delta", 0), ("lowmemory", 0), ("both", 1)])
    func `reads the temporality preference`(_ text: String, _ warnings: Int) {
        let environment = OTLPEnvironment(["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": text])
        let options = environment.metrics.meterOptions
        #expect(options.temporality.rawValue == (text == "both" ? "cumulative" : text.lowercased()))
        #expect(environment.warnings.count == warnings)
    }

    @Test(arguments: [
        ("explicit_bucket_histogram", HistogramAggregation.explicitBuckets, 0), ("linear", .explicitBuckets, 1),
        ("BASE2_exponential_bucket_histogram", .base2Exponential, 0),
    ])
    func `reads the aggregation of histograms`(_ text: String, _ expected: HistogramAggregation, _ warnings: Int) {
        let environment = OTLPEnvironment(["OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION": text])
        #expect(environment.metrics.meterOptions.histogramAggregation == expected)
        #expect(environment.warnings.count == warnings)
    }

    @Test(arguments: [("trace_based", 0), ("always_off", 0), ("always_on", 0), ("sometimes", 1)])
    func `reads the filter of exemplars`(_ text: String, _ warnings: Int) {
        let environment = OTLPEnvironment(["OTEL_METRICS_EXEMPLAR_FILTER": text])
        let options = environment.metrics.meterOptions
        #expect(options.exemplarFilter.rawValue == (text == "sometimes" ? "trace_based" : text))
        #expect(environment.warnings.count == warnings)
    }

    @Test func `a meter is made with the defaults where nothing is set`() {
        #expect(OTLPEnvironment([:]).metrics.meterOptions == MeterOptions())
    }
}
