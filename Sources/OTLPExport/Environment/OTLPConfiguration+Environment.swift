// SPDX-License-Identifier: Apache-2.0

internal import Telemetry

extension OTLPConfiguration {
    /// What the variables say, and the defaults of the specification for the rest.
    public init(_ environment: OTLPEnvironment) {
        self.init()
        apply(environment)
    }

    /// Puts into force what the variables say; what they do not say stays as it is. Only signals that have a destination
    /// are changed.
    public mutating func apply(_ environment: OTLPEnvironment) {
        guard !environment.isDisabled else {
            for signal in Signal.allCases { self[signal] = nil }
            return
        }
        resource = resource.adding(environment.resourceAttributes)
        environment.spanBatching.apply(to: &spanQueue)
        environment.logBatching.apply(to: &logQueue)
        environment.limits.apply(to: &self)
        if let interval = environment.metrics.interval { metricInterval = interval }
        for (signal, changes) in environment.destinations {
            guard let destination = self[signal] else { continue }
            self[signal] = changes.applied(to: destination)
        }
        if let timeout = environment.spanBatching.exportTimeout { traces?.exportTimeout = timeout }
        if let timeout = environment.metrics.exportTimeout { metrics?.exportTimeout = timeout }
        if let timeout = environment.logBatching.exportTimeout { logs?.exportTimeout = timeout }
    }

    /// A URL without user, password and query, for people.
    package static func displayName(of url: String) -> String {
        OTLPExporter.displayName(of: url)
    }
}

extension OTLPEnvironment.Destination {
    /// The destination with what the variables say; nil when they say that there is none.
    func applied(to destination: OTLPConfiguration.Destination) -> OTLPConfiguration.Destination? {
        switch exporter {
        case .none: return nil
        case .console: return OTLPConfiguration.Destination(output: .console)
        case .otlpStdout: return OTLPConfiguration.Destination(output: .lines)
        case .otlp: break
        }
        var destination = destination
        if let url { destination.url = url }
        if let headers { destination.headers = headers }
        if let timeout { destination.timeout = timeout }
        if let compression { destination.compression = compression }
        if let certificateFile { destination.certificateFile = certificateFile }
        if let clientCertificateFile { destination.clientCertificateFile = clientCertificateFile }
        if let clientKeyFile { destination.clientKeyFile = clientKeyFile }
        return destination
    }
}
