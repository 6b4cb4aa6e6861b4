// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// The settings that `defaults` and every backend can have; nil where nothing is written.
struct BackendSettings {
    var method: Located<KeepaliveMethodSetting>?
    var interval: Located<Duration>?
    var jitter: Located<Double>?
    var timeout: Located<Duration>?
    var toolTimeout: Located<Duration>?
    var failureThreshold: Located<Int>?
    var probeAfter: Located<Duration>?
    var sessionTTL: Located<Duration>?
    var sessionLifetime: Located<Duration>?
    var maxIdle: Located<Duration>?
    var maxLifetime: Located<Duration>?
    var stateful: Located<BackendPolicy.Statefulness>?
    var reinitialize: Located<Bool>?
    var maxRequestsInFlight: Located<Int>?
    var maxRequestsPerSecond: Located<Double>?

    /// The shortest `session_ttl`: a third of it is the interval, which is at least a second.
    static let shortestTTL = BackendPolicy.shortestInterval * 3

    /// Nothing is written.
    init() {}

    /// Reads the settings from a mapping, and leaves its other keys to somebody else.
    init(from mapping: MappingReader) {
        method = Self.method(from: mapping)
        interval = mapping.duration("interval", from: BackendPolicy.shortestInterval)
        jitter = mapping.percentage("jitter")
        timeout = mapping.duration("timeout")
        toolTimeout = mapping.duration("tool_timeout")
        failureThreshold = mapping.integer("failure_threshold", in: 1...1000)
        probeAfter = mapping.duration("probe_after", from: .seconds(1))
        sessionTTL = mapping.duration("session_ttl", from: Self.shortestTTL)
        sessionLifetime = mapping.duration("session_lifetime", from: .seconds(1))
        maxIdle = mapping.duration("max_idle", from: .seconds(1))
        maxLifetime = mapping.duration("max_lifetime", from: .seconds(1))
        stateful = mapping.choice("stateful", of: BackendPolicy.Statefulness.self)
        reinitialize = mapping.boolean("reinitialize")
        maxRequestsInFlight = mapping.integer("max_requests_in_flight", in: 1...10_000)
        maxRequestsPerSecond = mapping.positiveNumber("max_requests_per_second", atMost: 100_000)
    }

    /// These settings, and where nothing is written those of `defaults`.
    func over(_ defaults: BackendSettings) -> BackendSettings {
        var merged = self
        merged.method = method ?? defaults.method
        merged.interval = interval ?? defaults.interval
        merged.jitter = jitter ?? defaults.jitter
        merged.timeout = timeout ?? defaults.timeout
        merged.toolTimeout = toolTimeout ?? defaults.toolTimeout
        merged.failureThreshold = failureThreshold ?? defaults.failureThreshold
        merged.probeAfter = probeAfter ?? defaults.probeAfter
        merged.sessionTTL = sessionTTL ?? defaults.sessionTTL
        merged.sessionLifetime = sessionLifetime ?? defaults.sessionLifetime
        merged.maxIdle = maxIdle ?? defaults.maxIdle
        merged.maxLifetime = maxLifetime ?? defaults.maxLifetime
        merged.stateful = stateful ?? defaults.stateful
        merged.reinitialize = reinitialize ?? defaults.reinitialize
        merged.maxRequestsInFlight = maxRequestsInFlight ?? defaults.maxRequestsInFlight
        merged.maxRequestsPerSecond = maxRequestsPerSecond ?? defaults.maxRequestsPerSecond
        return merged
    }

    /// The policy that follows, with the engine's defaults where nothing is written; timeouts are not clamped yet.
    func policy(hasFallback: Bool) -> BackendPolicy {
        var policy = BackendPolicy()
        switch method?.value ?? .ping {
        case .ping: policy.method = .ping(hasFallback: hasFallback)
        case .tool: policy.method = .tool
        case .none: policy.method = .none
        }
        if let interval { policy.interval = interval.value }
        if let jitter { policy.jitter = jitter.value }
        if let timeout { policy.timeout = timeout.value }
        if let toolTimeout { policy.toolTimeout = toolTimeout.value }
        if let failureThreshold { policy.failureThreshold = failureThreshold.value }
        if let probeAfter { policy.probeAfter = probeAfter.value }
        policy.sessionTTL = sessionTTL?.value
        policy.sessionLifetime = sessionLifetime?.value
        if let stateful { policy.stateful = stateful.value }
        if let reinitialize { policy.reinitialize = reinitialize.value }
        if let maxRequestsInFlight { policy.maxRequestsInFlight = maxRequestsInFlight.value }
        policy.maxRequestsPerSecond = maxRequestsPerSecond?.value
        return policy
    }

    private static func method(from mapping: MappingReader) -> Located<KeepaliveMethodSetting>? {
        let expected = "ping, tool:<name> or none"
        guard let scalar = mapping.scalar("keepalive_method", expected: expected) else { return nil }
        if let method = KeepaliveMethodSetting(scalar.text) { return mapping.locate(method, scalar) }
        var help: String?
        if scalar.text.utf8.starts(with: "tool".utf8), !scalar.isSubstituted {
            help = "name the tool right after the colon, as in tool:list_tabs"
        } else if scalar.kind == .text, !scalar.isSubstituted {
            let meant = Suggestion.closest(to: scalar.text, among: ["ping", "none"]) ?? "tool:" + scalar.text
            help = "did you mean \(DiagnosticText.quoted(meant))?"
        }
        return mapping.reject(scalar, expected: expected, help: help)
    }
}
