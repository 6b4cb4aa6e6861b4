// SPDX-License-Identifier: Apache-2.0

internal import Telemetry

extension OTLPEnvironment {
    /// A way in which the context of a trace is carried to other processes.
    public enum Propagator: String, Sendable, Hashable, CaseIterable {
        /// W3C Trace Context.
        case tracecontext
        /// W3C Baggage.
        case baggage
    }

    /// Whether the W3C Trace Context is carried on, as it is by default.
    public var propagatesTraceContext: Bool {
        !isDisabled && (propagators?.contains(.tracecontext) ?? true)
    }

    /// "Resource SDK", "Specifying resource information via an environment variable".
    static func readResource(with reader: inout EnvironmentReader) -> [Attribute] {
        let (list, name) = ("OTEL_RESOURCE_ATTRIBUTES", "OTEL_SERVICE_NAME")
        var attributes: [Attribute] = []
        for (index, entry) in KeyValueList.parse(reader.text(list) ?? "").enumerated() {
            switch entry {
            case .pair(let key, let value) where !key.isEmpty: attributes.append(Attribute(key, .string(value)))
            case .pair, .malformed:
                let problem = if case .malformed(let words) = entry { words } else { "has no name before '='" }
                reader.warn(list, "entry \(index + 1) \(problem); all of it is ignored")
                // In case of any error the entire value is discarded.
                attributes = []
                return attributes + serviceName(reader.text(name))
            }
        }
        return attributes + serviceName(reader.text(name))
    }

    private static func serviceName(_ name: String?) -> [Attribute] {
        name.map { [Attribute("service.name", .string($0))] } ?? []
    }

    static func readPropagators(with reader: inout EnvironmentReader) -> [Propagator]? {
        let name = "OTEL_PROPAGATORS"
        guard let text = reader.text(name) else { return nil }
        var propagators: [Propagator] = []
        var isNone = false
        for word in text.split(separator: ",").map({ $0.trimmed.lowercased() }) where !word.isEmpty {
            if word == "none" {
                isNone = true
            } else if let propagator = Propagator(rawValue: word) {
                if !propagators.contains(propagator) { propagators.append(propagator) }
            } else {
                reader.warn(name, "\(word.quoted) is not one of tracecontext, baggage, none; it is ignored")
            }
        }
        if isNone { return [] }
        // Nothing that is known: as if it were not set.
        return propagators.isEmpty ? nil : propagators
    }

    static func readLogLevel(with reader: inout EnvironmentReader) -> Severity? {
        reader.choice(
            "OTEL_LOG_LEVEL",
            [
                "trace": .trace, "debug": .debug, "info": .info, "warn": .warning, "warning": .warning,
                "error": .error, "fatal": .fatal, "none": Severity(rawValue: .max),
            ]
        )
    }

    /// "General SDK configuration", OTEL_TRACES_SAMPLER.
    static func readSampler(with reader: inout EnvironmentReader) -> Sampler? {
        enum Kind {
            case on, off, ratio
        }
        let kinds: KeyValuePairs<String, (kind: Kind, isParentBased: Bool)> = [
            "always_on": (.on, false), "always_off": (.off, false), "traceidratio": (.ratio, false),
            "parentbased_always_on": (.on, true), "parentbased_always_off": (.off, true),
            "parentbased_traceidratio": (.ratio, true),
        ]
        guard let choice = reader.choice("OTEL_TRACES_SAMPLER", kinds) else { return nil }
        let sampler: Sampler =
            switch choice.kind {
            case .on: .alwaysOn
            case .off: .alwaysOff
            case .ratio: .traceIDRatio(readRatio(with: &reader))
            }
        return choice.isParentBased ? .parentBased(root: sampler) : sampler
    }

    /// 1 unless the argument is a number in 0...1.
    private static func readRatio(with reader: inout EnvironmentReader) -> Double {
        let name = "OTEL_TRACES_SAMPLER_ARG"
        guard let text = reader.text(name) else { return 1 }
        guard let ratio = Double(text), (0...1).contains(ratio) else {
            reader.warn(name, "\(text.quoted) is not a number from 0 to 1; 1 is used")
            return 1
        }
        return ratio
    }
}
