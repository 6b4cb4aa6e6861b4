// SPDX-License-Identifier: Apache-2.0

public import Telemetry

/// What OpenTelemetry's environment variables say, and what is wrong with them (OpenTelemetry specification 1.60.0,
/// "Environment Variable Specification"; "OpenTelemetry Protocol Exporter").
///
/// A value: nothing is read but the variables that it is made of. What is nil was not set, or was unusable and is among
/// the problems; the default counts then. `OTLPConfiguration.apply(_:)` puts it into force.
public struct OTLPEnvironment: Sendable, Hashable {
    /// `OTEL_SDK_DISABLED`: no telemetry at all. The other variables are not looked at then.
    public private(set) var isDisabled: Bool
    /// What is wrong, in the order in which the variables are read.
    public private(set) var problems: [EnvironmentProblem] = []

    /// `OTEL_RESOURCE_ATTRIBUTES` and, stronger, `OTEL_SERVICE_NAME`.
    public private(set) var resourceAttributes: [Attribute] = []
    /// `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`.
    public private(set) var sampler: Sampler?
    /// `OTEL_PROPAGATORS`, without repetitions; empty for `none`.
    public private(set) var propagators: [Propagator]?
    /// `OTEL_LOG_LEVEL`: what is less severe than this is not told of the export; a number beyond `fatal` for `none`.
    public private(set) var logLevel: Severity?
    /// `OTEL_BSP_…`: how spans are batched.
    public private(set) var spanBatching = Batching()
    /// `OTEL_BLRP_…`: how log records are batched.
    public private(set) var logBatching = Batching()
    /// How much of a span and of a log record is exported.
    public private(set) var limits = Limits()
    /// How metrics are read and aggregated.
    public private(set) var metrics = Metrics()
    /// Where each signal goes.
    public private(set) var destinations: [Signal: Destination] = [:]

    /// Reads the variables; `ProcessInfo.processInfo.environment` in most programs.
    public init(_ variables: [String: String]) {
        var reader = EnvironmentReader(variables)
        isDisabled = reader.boolean("OTEL_SDK_DISABLED")
        if !isDisabled { read(with: &reader) }
        problems = reader.problems
    }

    /// The problems that leave no sensible way to go on.
    public var errors: [EnvironmentProblem] { problems.filter { $0.severity == .error } }

    /// The problems that are to be told, and no more.
    public var warnings: [EnvironmentProblem] { problems.filter { $0.severity == .warning } }

    private mutating func read(with reader: inout EnvironmentReader) {
        resourceAttributes = Self.readResource(with: &reader)
        sampler = Self.readSampler(with: &reader)
        propagators = Self.readPropagators(with: &reader)
        logLevel = Self.readLogLevel(with: &reader)
        spanBatching = Batching("OTEL_BSP", with: &reader, defaults: .spans)
        logBatching = Batching("OTEL_BLRP", with: &reader, defaults: .logs)
        limits = Limits(with: &reader)
        metrics = Metrics(with: &reader)
        destinations = Destination.all(with: &reader)
        if reader.text("OTEL_CONFIG_FILE") != nil {
            reader.warn("OTEL_CONFIG_FILE", "declarative configuration is not supported; the file is not read")
        }
    }
}
