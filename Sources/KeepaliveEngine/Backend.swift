// SPDX-License-Identifier: Apache-2.0

/// All that the engine keeps of one backend.
struct Backend: Sendable {
    /// The rate after an outage, in requests per second.
    static let recoveryRate: Double = 20
    /// What a configured rate is raised to, so that it is never zero.
    static let slowestRate: Double = 0.001

    let policy: BackendPolicy
    /// Why the policy itself rules keepalive out.
    let switchedOff: NotApplicableReason?
    var cadence: Cadence
    var breaker: CircuitBreaker
    var selection: MethodSelection
    var admission: Admission
    var counts = SessionCounts()

    /// Why keepalive makes no sense, by policy or as detected.
    var notApplicable: NotApplicableReason?
    /// Until when the backend wants to be left alone.
    var pausedUntil: Tick?
    /// The end of the last time in which it was disabled or paused.
    var lastHeldBack = Tick(milliseconds: -1)

    /// Due sessions without room, those first that are overdue since an outage or in the middle of a cycle.
    var urgent = SessionQueue()
    var waiting = SessionQueue()
    /// Sessions that became due while the backend was disabled or paused.
    var parked = SessionQueue()

    /// Whether the backend was disabled, and the sessions that were parked then are still being worked off.
    var isAfterOutage = false
    /// Until when the sessions are spread that were parked.
    var recoveringUntil: Tick = .zero
    /// Whether those take up the whole rate, so that all others wait.
    var fillsRate = false

    /// The session of the probe under way.
    var probing: SessionHandle?
    /// Whether a probe is overdue and no session could make it.
    var isProbeStarved = false

    /// When the advertised TTL last moved the timers of all sessions.
    var lastRearmed: Tick?
    var lastAttempt: Tick?
    var lastSuccess: Tick?

    init(policy: BackendPolicy, at now: Tick) {
        self.policy = policy
        switchedOff = policy.switchedOff
        cadence = Cadence(policy: policy)
        breaker = CircuitBreaker(threshold: policy.failureThreshold)
        selection = MethodSelection(policy: policy)
        admission = Admission(maxInFlight: policy.maxRequestsInFlight, at: now)
        notApplicable = switchedOff
    }

    /// Whether nothing but a probe may be sent.
    var isHeldBack: Bool { breaker.state != .closed || pausedUntil != nil }

    /// Whether sessions that were parked take up the whole rate, so that all others wait.
    func isSaturated(at now: Tick) -> Bool {
        fillsRate && (now < recoveringUntil || !urgent.isEmpty)
    }

    /// Forgets the outage once all that was parked had its turn.
    mutating func endRecovery(at now: Tick) {
        guard now >= recoveringUntil, urgent.isEmpty else { return }
        fillsRate = false
        isAfterOutage = false
    }

    /// How many requests may start per second. After an outage that is less until its backlog is through, if there is
    /// much of it.
    func rate(at now: Tick) -> Double {
        isAfterOutage && isSaturated(at: now) ? min(steadyRate, Self.recoveryRate) : steadyRate
    }

    /// How many sessions that were parked may start per second.
    var spreadRate: Double {
        isAfterOutage ? min(steadyRate, Self.recoveryRate) : steadyRate
    }

    /// The configured rate, or twice what the sessions need, and at least 20/s.
    private var steadyRate: Double {
        policy.maxRequestsPerSecond.map { max($0, Self.slowestRate) }
            ?? max(Self.recoveryRate, 2 * Double(counts.total) * 1000 / Double(cadence.intervalMilliseconds))
    }

    /// The absolute deadline of a call: as configured, at most the interval.
    func timeout(of method: CallMethod) -> Duration {
        min(method == .ping ? policy.timeout : policy.toolTimeout, cadence.interval)
    }
}
