// SPDX-License-Identifier: Apache-2.0

/// Decides which session is called when, and what follows from the answer; every rule is here, and nothing else.
///
/// A value without a clock, a socket or a task: the caller says what happened and what time it is, and carries out the
/// actions that are appended to its buffer. Events of a cycle come before its `cycleEnded`.
package struct Engine: Sendable {
    /// How long a backend stays not applicable before that is checked again.
    package static let notApplicableRecheck: Duration = .seconds(86_400)

    var backends: [Backend]
    var sessions = SessionTable()
    var cycles = CycleTable()
    var locks = LockTable()
    var sessionTimers: TimerWheel
    var backendTimers: TimerWheel
    /// Reused by each tick.
    var expired: [Int32] = []
    var isStopping = false
    /// Whether the state that the policies imply was told.
    private var isAnnounced: Bool
    private let start: Tick

    /// An engine without sessions. What the policies imply is told with the first input.
    package init(policies: [BackendPolicy], startingAt now: Tick) {
        backends = policies.map { Backend(policy: $0, at: now) }
        sessionTimers = TimerWheel(startingAt: now)
        backendTimers = TimerWheel(slotCount: 16_384, startingAt: now)
        isAnnounced = backends.allSatisfy { $0.switchedOff == nil }
        start = now
    }

    /// When `Input.tick` is to come at the latest; nil when time alone changes nothing. It may be early.
    package var nextDeadline: Tick? {
        if isStopping { return nil }
        if !isAnnounced { return start }
        guard let session = sessionTimers.nextDeadline else { return backendTimers.nextDeadline }
        return backendTimers.nextDeadline.map { min($0, session) } ?? session
    }

    /// Takes in what happened and appends what is to be done.
    ///
    /// Inputs for stale handles and calls that are not in flight are ignored, except that a lock that can never be
    /// granted is answered.
    package mutating func handle(
        _ input: Input,
        at now: Tick,
        using random: inout SplitMix64,
        into actions: inout [Action]
    ) {
        withTurn(at: now, using: &random, into: &actions) { engine, turn in
            switch input {
            case .tick: engine.tick(&turn)
            case .finished(let attempt, let outcome): engine.finished(attempt, outcome, &turn)
            case .credentialRefreshed(let session, let changed):
                engine.credentialRefreshed(session, changed: changed, &turn)
            case .credentialChanged(let session): engine.credentialChanged(session, &turn)
            case .opened(let session, let result): engine.opened(session, result, &turn)
            case .activity(let session, let time): engine.activity(session, at: min(time, turn.now))
            case .release(let session, let reason): engine.release(session, reason, &turn)
            case .lock(let session, let ticket): engine.lock(session, ticket, &turn)
            case .unlock(let session, let ticket, let result): engine.unlock(session, ticket, result, &turn)
            case .disable(let backend, let until): engine.disable(Int(backend), until: until, &turn)
            case .enable(let backend): engine.enable(Int(backend), &turn)
            case .probe(let backend): engine.probe(Int(backend), &turn)
            case .shutdown: engine.shutdown(&turn)
            }
        }
    }

    /// Runs `body` with a turn that writes to the caller's buffers.
    mutating func withTurn<Result>(
        at now: Tick,
        using random: inout SplitMix64,
        into actions: inout [Action],
        _ body: (inout Engine, inout Turn) -> Result
    ) -> Result {
        var turn = Turn(now: now, random: random)
        swap(&turn.actions, &actions)
        if !isAnnounced { announce(&turn) }
        let result = body(&self, &turn)
        swap(&turn.actions, &actions)
        random = turn.random
        return result
    }

    private mutating func announce(_ turn: inout Turn) {
        isAnnounced = true
        for (index, backend) in backends.enumerated() {
            if let reason = backend.switchedOff {
                turn.emit(.notApplicable(backend: BackendIndex(index), reason))
            }
        }
    }
}
