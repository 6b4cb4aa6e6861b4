// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import Synchronization
import Telemetry

/// The gauges of one backend; set from the engine's status at each collection.
struct BackendStateInstruments: Sendable {
    /// Relates the engine's clock to the wall clock, both read at one moment.
    struct Moment: Sendable {
        let now: Tick
        let unixNanoseconds: UInt64

        /// The time in seconds since 1970; 0 for none.
        func unixSeconds(_ tick: Tick?) -> Double {
            guard let tick else { return 0 }
            return Double(unixNanoseconds) / 1e9 - (now - tick).fractionalSeconds
        }
    }

    private let sessions: [UpDownCounterSeries]
    private let breakerStates: [GaugeSeries]
    private let disabled: [GaugeSeries]
    private let disabledByOperator: GaugeSeries
    private let disabledSince: DoubleGaugeSeries
    private let nextProbe: DoubleGaugeSeries
    private let nextDue: DoubleGaugeSeries
    private let lastAttempt: DoubleGaugeSeries
    private let lastSuccess: DoubleGaugeSeries
    private let oldestSuccess: DoubleGaugeSeries
    private let interval: DoubleGaugeSeries
    private let timeout: DoubleGaugeSeries
    private let probeInterval: DoubleGaugeSeries
    /// Made when the TTL is known: the series is absent before.
    private let sessionTTL: @Sendable () -> DoubleGaugeSeries
    private let consecutiveFailures: GaugeSeries
    private let fallbackActive: GaugeSeries

    init(backend: String, instruments: Instruments) {
        func attributes(_ further: (String, String)...) -> AttributeSet {
            AttributeSet([Attribute("backend", .string(backend))] + further.map { Attribute($0.0, .string($0.1)) })
        }
        let own = attributes()
        sessions = (Catalog.sessionState.values ?? [])
            .map { instruments.sessions.series(for: attributes(("state", $0))) }
        breakerStates = CircuitBreaker.State.allCases
            .map { instruments.breakerState.series(for: attributes(("state", $0.rawValue))) }
        disabled = FailureReason.counted
            .map { instruments.backendDisabled.series(for: attributes(("reason", $0.rawValue))) }
        disabledByOperator = instruments.backendDisabled.series(for: attributes(("reason", "operator")))
        disabledSince = instruments.disabledSince.series(for: own)
        nextProbe = instruments.nextProbe.series(for: own)
        nextDue = instruments.nextDue.series(for: own)
        lastAttempt = instruments.lastAttempt.series(for: own)
        lastSuccess = instruments.lastSuccess.series(for: own)
        oldestSuccess = instruments.oldestSuccess.series(for: own)
        interval = instruments.interval.series(for: own)
        timeout = instruments.timeout.series(for: own)
        probeInterval = instruments.probeInterval.series(for: own)
        sessionTTL = { instruments.sessionTTL.series(for: own) }
        consecutiveFailures = instruments.consecutiveFailures.series(for: own)
        fallbackActive = instruments.fallbackActive.series(for: own)
    }

    func set(_ status: BackendStatus, nextDue due: Tick?, oldestSuccess oldest: Tick?, at moment: Moment) {
        let counts = [
            status.sessions.active, status.sessions.paused, status.sessions.notApplicable, status.sessions.unopened,
        ]
        for (series, count) in zip(sessions, counts) { series.add(Int64(count) - series.value) }
        for (series, state) in zip(breakerStates, CircuitBreaker.State.allCases) {
            series.set(status.breaker == state ? 1 : 0)
        }
        for (series, reason) in zip(disabled, FailureReason.counted) {
            series.set(status.disabledReason == reason ? 1 : 0)
        }
        disabledByOperator.set(status.hold == nil ? 0 : 1)
        disabledSince.set(moment.unixSeconds(status.disabledSince ?? status.hold?.since))
        nextProbe.set(moment.unixSeconds(status.nextProbe))
        nextDue.set(moment.unixSeconds(due))
        lastAttempt.set(moment.unixSeconds(status.lastAttempt))
        lastSuccess.set(moment.unixSeconds(status.lastSuccess))
        oldestSuccess.set(moment.unixSeconds(oldest))
        interval.set(status.interval.fractionalSeconds)
        timeout.set(status.timeout.fractionalSeconds)
        probeInterval.set(status.probeInterval.fractionalSeconds)
        if let ttl = status.ttl { sessionTTL().set(ttl.fractionalSeconds) }
        consecutiveFailures.set(Int64(status.consecutiveFailures))
        fallbackActive.set(status.isFallbackActive ? 1 : 0)
    }
}
