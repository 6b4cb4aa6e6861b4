// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// Every metric, span and event that the agent emits: the one place that names them.
package enum Catalog {
    // MARK: Attributes

    package static let backend = AttributeDefinition(key: "backend", values: nil)
    package static let method = AttributeDefinition(key: "method", values: CallMethod.allCases.map(\.rawValue))
    package static let outcome = AttributeDefinition(key: "outcome", values: ["success", "failure"])
    package static let failureReason = AttributeDefinition(
        key: "reason",
        values: FailureReason.counted.map(\.rawValue)
    )
    package static let reenableReason = AttributeDefinition(
        key: "reason",
        values: ReenableReason.allCases.map(\.rawValue)
    )
    package static let skipReason = AttributeDefinition(key: "reason", values: SkipReason.allCases.map(\.rawValue))
    package static let lossReason = AttributeDefinition(key: "reason", values: LossReason.allCases.map(\.rawValue))
    package static let releaseReason = AttributeDefinition(
        key: "reason",
        values: ReleaseReason.allCases.map(\.rawValue)
    )
    package static let sessionState = AttributeDefinition(
        key: "state",
        values: ["active", "paused", "not_applicable", "unopened"]
    )
    package static let breakerStateValue = AttributeDefinition(key: "state", values: ["closed", "open", "half_open"])

    // MARK: The five core metrics

    package static let attempts = MetricDefinition(
        "keepalive_attempt_count",
        .counter,
        unit: "{attempt}",
        "Keepalive calls that ended: the sum of successes and failures.",
        by: backend,
        method
    )
    package static let successes = MetricDefinition(
        "keepalive_success_count",
        .counter,
        unit: "{attempt}",
        "Keepalive calls that the backend answered with a valid result.",
        by: backend,
        method
    )
    package static let failures = MetricDefinition(
        "keepalive_failure_count",
        .counter,
        unit: "{attempt}",
        "Keepalive calls that failed, by reason.",
        by: backend,
        method,
        failureReason
    )
    package static let latency = MetricDefinition(
        "keepalive_latency_ms",
        .histogram(bounds: [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000]),
        unit: "{ms}",
        "Duration of a keepalive call in milliseconds, from its start to the end of the answer.",
        by: backend,
        method,
        outcome
    )
    package static let autoDisabled = MetricDefinition(
        "keepalive_auto_disabled_total",
        .counter,
        unit: "{disable}",
        "Times that a backend's keepalive was switched off after failures, by the failure that did it.",
        by: backend,
        failureReason
    )

    // MARK: What happened

    package static let reenabled = MetricDefinition(
        "keepalive_reenabled_total",
        .counter,
        unit: "{enable}",
        "Times that a disabled backend's keepalive was switched on again.",
        by: backend,
        reenableReason
    )
    package static let probes = MetricDefinition(
        "keepalive_probes_total",
        .counter,
        unit: "{probe}",
        "Single calls that found out whether a disabled backend works again.",
        by: backend,
        outcome
    )
    package static let skipped = MetricDefinition(
        "keepalive_skipped_total",
        .counter,
        unit: "{cycle}",
        "Keepalives that were due and not sent, or not at once.",
        by: backend,
        skipReason
    )
    package static let sessionsLost = MetricDefinition(
        "keepalive_sessions_lost_total",
        .counter,
        unit: "{session}",
        "Sessions that the backend no longer knows.",
        by: backend,
        lossReason
    )

    package static let sessionsReleased = MetricDefinition(
        "keepalive_sessions_released_total",
        .counter,
        unit: "{session}",
        "Sessions that are no longer kept alive because nobody wants them any more.",
        by: backend,
        releaseReason
    )

    // MARK: How things stand

    package static let sessions = MetricDefinition(
        "keepalive_sessions",
        .upDownCounter,
        unit: "{session}",
        "Registered sessions by state.",
        by: backend,
        sessionState
    )
    package static let breakerState = MetricDefinition(
        "keepalive_breaker_state",
        .gauge,
        unit: "{state}",
        "1 for the state that the backend's circuit breaker is in, 0 for the others.",
        by: backend,
        breakerStateValue
    )
    package static let backendDisabled = MetricDefinition(
        "keepalive_backend_disabled",
        .gauge,
        unit: "{backend}",
        "1 while the backend's keepalive is switched off for this reason, else 0.",
        by: backend,
        AttributeDefinition(key: "reason", values: FailureReason.counted.map(\.rawValue) + ["operator"])
    )
    package static let disabledSince = timestamp(
        "keepalive_backend_disabled_since_timestamp_seconds",
        "When the backend's keepalive was switched off; 0 while it is on."
    )
    package static let nextProbe = timestamp(
        "keepalive_next_probe_timestamp_seconds",
        "When a disabled backend is probed next; 0 while it is enabled."
    )
    package static let nextDue = timestamp(
        "keepalive_next_due_timestamp_seconds",
        "When the backend's next keepalive is due; 0 where none is."
    )
    package static let lastAttempt = timestamp(
        "keepalive_last_attempt_timestamp_seconds",
        "When the last call on the backend started; 0 before the first."
    )
    package static let lastSuccess = timestamp(
        "keepalive_last_success_timestamp_seconds",
        "When the last successful call on the backend ended; 0 before the first."
    )
    package static let oldestSuccess = timestamp(
        "keepalive_oldest_success_timestamp_seconds",
        "The last success of the active session that has waited longest for one; 0 where none is known."
    )
    package static let interval = seconds(
        "keepalive_interval_seconds",
        "Effective time between two keepalives of an idle session, before jitter."
    )
    package static let timeout = seconds(
        "keepalive_timeout_seconds",
        "Effective deadline of the kind of call that is in use."
    )
    package static let probeInterval = seconds(
        "keepalive_probe_interval_seconds",
        "Time between two probes of a disabled backend, before jitter."
    )
    package static let sessionTTL = seconds(
        "keepalive_session_ttl_seconds",
        "Idle TTL of the backend's sessions, configured or advertised; absent where it is unknown."
    )
    package static let consecutiveFailures = MetricDefinition(
        "keepalive_consecutive_failures",
        .gauge,
        unit: "{failure}",
        "Failures in a row that count towards disabling the backend.",
        by: backend
    )
    package static let fallbackActive = MetricDefinition(
        "keepalive_fallback_active",
        .gauge,
        unit: "{backend}",
        "1 while the fallback tool is called instead of ping, else 0.",
        by: backend
    )
    package static let scheduleLag = MetricDefinition(
        "keepalive_schedule_lag_seconds",
        .histogram(bounds: subsecondBounds),
        unit: "s",
        "How late a keepalive's first call started, counted from when it was due.",
        by: backend
    )
    package static let lockWait = MetricDefinition(
        "keepalive_lock_wait_seconds",
        .histogram(bounds: subsecondBounds),
        unit: "s",
        "How long a re-initialize or close waited for a keepalive to let go of the session.",
        by: backend
    )
    package static let heartbeat = MetricDefinition(
        "keepalive_heartbeat_timestamp_seconds",
        .gauge,
        unit: "s",
        "When the scheduling loop last turned; 0 after a clean stop."
    )

    package static let configReload = MetricDefinition(
        "keepalive_config_reload_success",
        .gauge,
        unit: "{flag}",
        "1 while the configuration in force is that of the file, 0 since the file could not be used."
    )

    /// All of them, in the order of this file.
    package static let metrics: [MetricDefinition] = [
        attempts, successes, failures, latency, autoDisabled, reenabled, probes, skipped, sessionsLost,
        sessionsReleased, sessions,
        breakerState, backendDisabled, disabledSince, nextProbe, nextDue, lastAttempt, lastSuccess, oldestSuccess,
        interval, timeout, probeInterval, sessionTTL, consecutiveFailures, fallbackActive, scheduleLag, lockWait,
        heartbeat, configReload,
    ]

    // MARK: Events

    /// The `eventName` of a log record about a change of state.
    package enum EventName: String, Sendable, CaseIterable {
        case backendAutoDisabled = "keepalive.backend.auto_disabled"
        case backendOperatorDisabled = "keepalive.backend.operator_disabled"
        case backendReenabled = "keepalive.backend.reenabled"
        case backendNotApplicable = "keepalive.backend.not_applicable"
        case backendApplicable = "keepalive.backend.applicable"
        case backendPaused = "keepalive.backend.paused"
        case backendTTLAdvertised = "keepalive.backend.ttl_advertised"
        case probeFailed = "keepalive.backend.probe_failed"
        case fallbackSelected = "keepalive.fallback.selected"
        case pingSelected = "keepalive.ping.selected"
        case sessionOpened = "keepalive.session.opened"
        case sessionOpeningFailed = "keepalive.session.opening_failed"
        case sessionLost = "keepalive.session.lost"
        case sessionPaused = "keepalive.session.paused"
        case sessionResumed = "keepalive.session.resumed"
        case sessionReleased = "keepalive.session.released"
        case eventsSuppressed = "keepalive.events.suppressed"
    }

    private static let subsecondBounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60]

    private static func timestamp(_ name: String, _ description: String) -> MetricDefinition {
        MetricDefinition(name, .gauge, unit: "s", description, by: backend)
    }

    private static func seconds(_ name: String, _ description: String) -> MetricDefinition {
        MetricDefinition(name, .gauge, unit: "s", description, by: backend)
    }
}
