// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
package import Telemetry

/// The catalogue's metrics as instruments of a meter.
package struct Instruments: Sendable {
    package let meter: Meter

    let attempts: DerivedCounter
    let successes: Counter
    let failures: Counter
    let latency: Histogram
    let autoDisabled: Counter
    let reenabled: Counter
    let probes: Counter
    let skipped: Counter
    let sessionsLost: Counter
    let sessionsReleased: Counter
    let sessions: UpDownCounter
    let breakerState: Gauge
    let backendDisabled: Gauge
    let disabledSince: DoubleGauge
    let nextProbe: DoubleGauge
    let nextDue: DoubleGauge
    let lastAttempt: DoubleGauge
    let lastSuccess: DoubleGauge
    let oldestSuccess: DoubleGauge
    let interval: DoubleGauge
    let timeout: DoubleGauge
    let probeInterval: DoubleGauge
    let sessionTTL: DoubleGauge
    let consecutiveFailures: Gauge
    let fallbackActive: Gauge
    let scheduleLag: Histogram
    let lockWait: Histogram
    let heartbeat: DoubleGaugeSeries
    let configReload: GaugeSeries

    /// - Parameter backends: how many there are, so that every series that exists from the start fits below the
    ///   cardinality limit.
    package init(meter: Meter, backends: Int) {
        self.meter = meter
        let make = InstrumentMaker(meter: meter, backends: backends)
        attempts = make.derivedCounter(Catalog.attempts)
        successes = make.counter(Catalog.successes)
        failures = make.counter(Catalog.failures)
        latency = make.histogram(Catalog.latency)
        autoDisabled = make.counter(Catalog.autoDisabled)
        reenabled = make.counter(Catalog.reenabled)
        probes = make.counter(Catalog.probes)
        skipped = make.counter(Catalog.skipped)
        sessionsLost = make.counter(Catalog.sessionsLost)
        sessionsReleased = make.counter(Catalog.sessionsReleased)
        sessions = make.upDownCounter(Catalog.sessions)
        breakerState = make.gauge(Catalog.breakerState)
        backendDisabled = make.gauge(Catalog.backendDisabled)
        disabledSince = make.doubleGauge(Catalog.disabledSince)
        nextProbe = make.doubleGauge(Catalog.nextProbe)
        nextDue = make.doubleGauge(Catalog.nextDue)
        lastAttempt = make.doubleGauge(Catalog.lastAttempt)
        lastSuccess = make.doubleGauge(Catalog.lastSuccess)
        oldestSuccess = make.doubleGauge(Catalog.oldestSuccess)
        interval = make.doubleGauge(Catalog.interval)
        timeout = make.doubleGauge(Catalog.timeout)
        probeInterval = make.doubleGauge(Catalog.probeInterval)
        sessionTTL = make.doubleGauge(Catalog.sessionTTL)
        consecutiveFailures = make.gauge(Catalog.consecutiveFailures)
        fallbackActive = make.gauge(Catalog.fallbackActive)
        scheduleLag = make.histogram(Catalog.scheduleLag)
        lockWait = make.histogram(Catalog.lockWait)
        heartbeat = make.doubleGauge(Catalog.heartbeat).series()
        configReload = make.gauge(Catalog.configReload).series()
        // The agent starts with a configuration that could be used.
        configReload.set(1)
    }

    /// Lets every series of this many backends fit below the cardinality limits.
    func makeRoom(forBackends count: Int) {
        for definition in Catalog.metrics {
            meter.raiseCardinalityLimit(of: definition.name, to: Self.limit(definition, backends: count))
        }
    }

    /// Stops exporting all series of a backend.
    func removeBackend(_ name: String) {
        meter.removeSeries { $0["backend"] == .string(name) }
    }

    /// The limit that OpenTelemetry's metrics SDK has by default, or as many series as exist from the start, plus overflow.
    fileprivate static func limit(_ definition: MetricDefinition, backends: Int) -> Int {
        let perBackend = definition.attributes.reduce(1) { $0 * ($1.values?.count ?? 1) }
        return max(2000, backends * perBackend + 1)
    }
}

/// Makes instruments as the catalogue defines them.
private struct InstrumentMaker {
    let meter: Meter
    let backends: Int

    func counter(_ definition: MetricDefinition) -> Counter {
        meter.counter(
            definition.name,
            unit: definition.unit,
            description: definition.description,
            cardinalityLimit: limit(definition)
        )
    }

    func derivedCounter(_ definition: MetricDefinition) -> DerivedCounter {
        meter.derivedCounter(
            definition.name,
            unit: definition.unit,
            description: definition.description,
            cardinalityLimit: limit(definition)
        )
    }

    func upDownCounter(_ definition: MetricDefinition) -> UpDownCounter {
        meter.upDownCounter(
            definition.name,
            unit: definition.unit,
            description: definition.description,
            cardinalityLimit: limit(definition)
        )
    }

    func gauge(_ definition: MetricDefinition) -> Gauge {
        meter.gauge(
            definition.name,
            unit: definition.unit,
            description: definition.description,
            cardinalityLimit: limit(definition)
        )
    }

    func doubleGauge(_ definition: MetricDefinition) -> DoubleGauge {
        meter.doubleGauge(
            definition.name,
            unit: definition.unit,
            description: definition.description,
            cardinalityLimit: limit(definition)
        )
    }

    func histogram(_ definition: MetricDefinition) -> Histogram {
        guard case .histogram(let bounds) = definition.kind else {
            preconditionFailure("\(definition.name) is no histogram in the catalogue")
        }
        return meter.histogram(
            definition.name,
            unit: definition.unit,
            description: definition.description,
            bounds: HistogramBounds(bounds),
            cardinalityLimit: limit(definition)
        )
    }

    private func limit(_ definition: MetricDefinition) -> Int { Instruments.limit(definition, backends: backends) }
}
