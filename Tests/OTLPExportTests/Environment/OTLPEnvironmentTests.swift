// SPDX-License-Identifier: Apache-2.0

import OTLPExport
import Telemetry
import Testing

/// The rules that all variables share, and those that concern no signal in particular.
struct OTLPEnvironmentTests {
    /// The variables that had problems.
    private static func warned(_ variables: [String: String]) -> [String] {
        OTLPEnvironment(variables).warnings.map(\.variable)
    }

    @Test func `nothing is set: nothing is changed and nothing is told`() {
        let environment = OTLPEnvironment([:])
        #expect(environment.problems.isEmpty)
        var configuration = OTLPConfiguration()
        configuration.apply(environment)
        let defaults = OTLPConfiguration()
        for signal in Signal.allCases { #expect(configuration[signal] == defaults[signal]) }
        #expect(configuration.spanQueue == .spans)
        #expect(configuration.logQueue == .logs)
        #expect(configuration.spanLimits == SpanLimits())
        #expect(configuration.logRecordLimits == LogRecordLimits())
        #expect(configuration.metricInterval == .seconds(60))
        #expect(configuration.resource == defaults.resource)
        #expect(environment.sampler == nil)
        #expect(environment.propagatesTraceContext)
    }

    @Test(arguments: AllVariables.names, ["", " \t"])
    func `an empty variable is an unset one`(_ name: String, _ value: String) {
        #expect(OTLPEnvironment([name: value]) == OTLPEnvironment([:]))
    }

    @Test(arguments: AllVariables.names)
    func `no value crashes, and no problem quotes more than a little or a control character`(_ name: String) {
        let long = String(repeating: "x", count: 10_000)
        let values = [
            "%", "%2", "%zz", "%ff", "=", ",", ",,,", "=,=", "a", "-1", "0", "1e400", "nan", "99999999999999999999",
            "9223372036854775807", "http://", "http://[", "http://]", "://", "\u{1B}[31m\n", "\u{0}", "ü", "a=b;c",
            long,
        ]
        for value in values {
            let environment = OTLPEnvironment([name: value])
            _ = OTLPConfiguration(environment)
            for problem in environment.problems {
                #expect(problem.variable == name)
                #expect(problem.message.utf8.count < 250)
                #expect(problem.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
            }
        }
    }

    @Test(arguments: [
        ("true", true, 0), ("TRUE", true, 0), (" True ", true, 0), ("false", false, 0), ("False", false, 0),
        ("1", false, 1), ("yes", false, 1), ("tru", false, 1),
    ])
    func `only true disables`(_ value: String, _ isDisabled: Bool, _ warnings: Int) {
        let environment = OTLPEnvironment(["OTEL_SDK_DISABLED": value])
        #expect(environment.isDisabled == isDisabled)
        #expect(environment.warnings.count == warnings)
        #expect(OTLPConfiguration(environment).exports == !isDisabled)
        #expect(environment.propagatesTraceContext == !isDisabled)
    }

    @Test func `when telemetry is disabled nothing else matters`() {
        let environment = OTLPEnvironment([
            "OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_BSP_SCHEDULE_DELAY": "x",
        ])
        #expect(environment.problems.isEmpty)
        #expect(!OTLPConfiguration(environment).exports)
    }

    @Test(arguments: [
        ("a=1,b=two", ["a": "1", "b": "two"]), (" a = 1 , b=2 ", ["a": "1", "b": "2"]), ("a=1,", ["a": "1"]),
        ("a=%2C%3D%20%C3%BC", ["a": ",= ü"]), ("a%20b=1", ["a b": "1"]), ("a=", ["a": ""]), ("a=b=c", ["a": "b=c"]),
        ("a=1,a=2", ["a": "2"]), ("service.name=x", ["service.name": "x"]),
    ])
    func `resource attributes are a percent-encoded list`(_ value: String, _ expected: [String: String]) {
        let environment = OTLPEnvironment(["OTEL_RESOURCE_ATTRIBUTES": value])
        #expect(environment.problems.isEmpty)
        let attributes = OTLPConfiguration(environment).resource.attributes.attributes
        #expect(attributes == AttributeSet(expected.map { Attribute($0.key, .string($0.value)) }).attributes)
    }

    @Test(arguments: ["a=1,b", "a=1,=2", "a=1,b=%", "a=1,b=%g0", "a=1,b=%ff", "a=1,b=2;c=3", "%zz=1"])
    func `one error discards all resource attributes, but not the service's name`(_ value: String) {
        let environment = OTLPEnvironment(["OTEL_RESOURCE_ATTRIBUTES": value, "OTEL_SERVICE_NAME": "kept"])
        #expect(environment.resourceAttributes == [Attribute("service.name", "kept")])
        #expect(environment.warnings.map(\.variable) == ["OTEL_RESOURCE_ATTRIBUTES"])
    }

    @Test func `OTEL_SERVICE_NAME wins, taken as it is, and both win over what was there`() {
        var configuration = OTLPConfiguration()
        configuration.resource = Resource(["service.name": "default", "host.name": "h", "x": "default"])
        configuration.apply(
            OTLPEnvironment([
                "OTEL_SERVICE_NAME": "a%20b", "OTEL_RESOURCE_ATTRIBUTES": "service.name=weak,x=1,y=2",
            ])
        )
        #expect(configuration.resource.attributes == ["service.name": "a%20b", "host.name": "h", "x": "1", "y": "2"])
    }

    @Test(arguments: [
        ("always_on", nil, Sampler.alwaysOn), ("ALWAYS_OFF", nil, .alwaysOff), ("always_on", "0.5", .alwaysOn),
        ("traceidratio", "0.25", .traceIDRatio(0.25)), ("traceidratio", nil, .traceIDRatio(1)),
        ("traceidratio", "0", .traceIDRatio(0)), ("parentbased_always_on", nil, .parentBased(root: .alwaysOn)),
        ("parentbased_always_off", nil, .parentBased(root: .alwaysOff)),
        ("parentbased_traceidratio", "1e-3", .parentBased(root: .traceIDRatio(0.001))),
    ])
    func `chooses the sampler`(_ name: String, _ argument: String?, _ expected: Sampler) {
        let environment = OTLPEnvironment(["OTEL_TRACES_SAMPLER": name, "OTEL_TRACES_SAMPLER_ARG": argument ?? ""])
        #expect(environment.sampler == expected)
        #expect(environment.problems.isEmpty)
    }

    @Test(arguments: ["jaeger_remote", "xray", "on"]) func `an unknown sampler is none`(_ name: String) {
        let environment = OTLPEnvironment(["OTEL_TRACES_SAMPLER": name])
        #expect(environment.sampler == nil)
        #expect(environment.warnings.map(\.variable) == ["OTEL_TRACES_SAMPLER"])
    }

    @Test(arguments: ["1.1", "-0.1", "nan", "inf", "half", "50%"])
    func `an argument that is no ratio counts as if it were not set`(_ argument: String) {
        let environment = OTLPEnvironment(["OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": argument])
        #expect(environment.sampler == .traceIDRatio(1))
        #expect(environment.warnings.map(\.variable) == ["OTEL_TRACES_SAMPLER_ARG"])
    }

    @Test(arguments: [
        ("tracecontext", ["tracecontext"], 0), ("baggage,tracecontext,baggage", ["baggage", "tracecontext"], 0),
        ("none", [], 0), ("none,tracecontext", [], 0), ("b3,TraceContext", ["tracecontext"], 1),
        ("baggage", ["baggage"], 0),
    ])
    func `propagators are a list without repetitions`(_ value: String, _ expected: [String], _ warnings: Int) {
        let environment = OTLPEnvironment(["OTEL_PROPAGATORS": value])
        #expect(environment.propagators?.map(\.rawValue) == expected)
        #expect(environment.propagatesTraceContext == expected.contains("tracecontext"))
        #expect(environment.warnings.count == warnings)
    }

    @Test func `propagators that are all unknown count as if they were not set`() {
        let environment = OTLPEnvironment(["OTEL_PROPAGATORS": "b3,jaeger"])
        #expect(environment.propagators == nil)
        #expect(environment.propagatesTraceContext)
        #expect(environment.warnings.count == 2)
    }

    @Test(arguments: [
        ("debug", Severity.debug), ("INFO", .info), ("warn", .warning), ("warning", .warning), ("error", .error),
        ("fatal", .fatal), ("none", Severity(rawValue: 255)),
    ])
    func `reads the log level`(_ value: String, _ expected: Severity) {
        #expect(OTLPEnvironment(["OTEL_LOG_LEVEL": value]).logLevel == expected)
    }

    @Test(arguments: [
        ["OTEL_LOG_LEVEL": "loud"], ["OTEL_CONFIG_FILE": "/etc/otel.yaml"],
        ["OTEL_METRICS_EXEMPLAR_FILTER": "sometimes"],
    ])
    func `tells of what it ignores`(_ variables: [String: String]) {
        #expect(Self.warned(variables) == Array(variables.keys))
    }

    @Test func `says nothing of variables that are for gRPC, for later or for others`() {
        let variables = [
            "OTEL_EXPORTER_OTLP_INSECURE": "x", "OTEL_EXPORTER_OTLP_TRACES_INSECURE": "x", "OTEL_ENTITIES": "x",
            "PATH": "%", "OTEL_EXPORTER_JAEGER_ENDPOINT": "x",
        ]
        #expect(OTLPEnvironment(variables) == OTLPEnvironment([:]))
    }
}
