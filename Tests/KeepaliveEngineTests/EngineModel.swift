// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting

/// Drives an engine at random and checks after every step what must always hold.
///
/// It keeps its own books from nothing but inputs and actions, so that a wrong engine cannot agree with itself.
final class EngineModel {
    /// A rule was broken.
    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    static let policies: [BackendPolicy] = [
        fallbackPolicy {
            $0.interval = .seconds(5)
            $0.probeAfter = .seconds(60)
            $0.maxRequestsInFlight = 4
        },
        policy {
            $0.interval = .seconds(20)
            $0.probeAfter = .seconds(30)
            $0.failureThreshold = 2
            $0.maxRequestsPerSecond = 1.5
            $0.sessionTTL = .seconds(45)
        },
        policy {
            $0.method = .tool
            $0.interval = .seconds(3)
            $0.failureThreshold = 1
            $0.probeAfter = .seconds(10)
            $0.maxRequestsInFlight = 1
            $0.reinitialize = false
        },
    ]

    let seed: UInt64
    /// Whether the configuration changes now and then.
    let reloads: Bool
    /// The policies of now, by index; those of backends that were removed stay.
    var policies = EngineModel.policies
    var engine: Engine
    var now = Tick(milliseconds: 5000)
    var random: SplitMix64
    var chance: SplitMix64
    var actions: [Action] = []
    var step = 0

    // The books
    var alive: [SessionHandle: BackendIndex] = [:]
    var inFlight: [SessionHandle: Attempt] = [:]
    var opening: [SessionHandle: BackendIndex] = [:]
    var refreshing: [SessionHandle] = []
    var openCycles: [Int32: SessionHandle] = [:]
    /// Aborted, released or locked: what may not be called any more.
    var doomed: Set<SessionHandle> = []
    var holders: [SessionHandle: LockTicket] = [:]
    var wanting: [SessionHandle: [LockTicket]] = [:]
    var dead: [SessionHandle] = []
    var disabled: Set<BackendIndex> = []
    /// The sessions that the one call of a disabled backend is in flight on.
    var probing: [BackendIndex: SessionHandle] = [:]
    var pausedUntil: [BackendIndex: Tick] = [:]
    /// Until when somebody disabled it by hand.
    var heldUntil: [BackendIndex: Tick] = [:]
    var starts: [BackendIndex: [Tick]] = [:]
    var largestCount: [BackendIndex: Int] = [:]
    var called = 0
    var ended = 0
    var successes: [SessionHandle: Tick] = [:]
    var isStopped = false
    var owned: Set<SessionHandle> = []
    /// Backends that were removed, and owned sessions of theirs that are being closed.
    var removed: Set<BackendIndex> = []
    var closing: Set<SessionHandle> = []
    /// The longest interval that a backend ever had.
    var longestInterval: [BackendIndex: Duration] = [:]
    var nextTicket: UInt64 = 0

    init(seed: UInt64, reloads: Bool = false) {
        self.seed = seed
        self.reloads = reloads
        random = SplitMix64(seed: seed)
        chance = SplitMix64(seed: seed &* 31 &+ 7)
        engine = Engine(policies: Self.policies, startingAt: now)
    }

    func check(_ condition: Bool, _ rule: @autoclosure () -> String) throws {
        if !condition { throw Violation(description: "seed \(seed), step \(step), \(now.milliseconds) ms: \(rule())") }
    }

    func roll(_ count: Int) -> Int { Int.random(in: 0..<count, using: &chance) }

    func send(_ input: Input) throws {
        engine.handle(input, at: now, using: &random, into: &actions)
        try book()
    }

    func attach(to backend: BackendIndex) throws {
        register(engine.attach(to: backend, at: now, using: &random, into: &actions), backend)
        try book()
    }

    func own(on backend: BackendIndex) throws {
        let session = engine.own(on: backend, at: now, using: &random, into: &actions)
        owned.insert(session)
        register(session, backend)
        try book()
    }

    private func register(_ handle: SessionHandle, _ backend: BackendIndex) {
        alive[handle] = backend
        largestCount[backend] = max(largestCount[backend] ?? 0, alive.values.count { $0 == backend })
    }

    /// Ends a call, with the books kept.
    func finish(_ attempt: Attempt, _ outcome: Outcome) throws {
        inFlight[attempt.session] = nil
        endProbe(attempt.session, attempt.backend)
        if outcome.reason != .cancelled { ended += 1 }
        if outcome.isSuccess { successes[attempt.session] = now }
        try send(.finished(attempt, outcome))
    }

    func finishOpening(_ session: SessionHandle, _ result: OpeningResult) throws {
        guard let backend = opening.removeValue(forKey: session) else { return }
        endProbe(session, backend)
        try send(.opened(session, result))
    }

    private func endProbe(_ session: SessionHandle, _ backend: BackendIndex) {
        if probing[backend] == session { probing[backend] = nil }
    }

    // MARK: What must hold of every action

    func book() throws {
        let batch = actions
        actions.removeAll()
        for action in batch {
            switch action {
            case .call(let attempt):
                try check(
                    openCycles[attempt.cycle] == nil || openCycles[attempt.cycle] == attempt.session,
                    "cycle in use"
                )
                try check((openCycles[attempt.cycle] == nil) == (attempt.number == 0), "cycle \(attempt)")
                openCycles[attempt.cycle] = attempt.session
                try checkStart(attempt.session, attempt.backend, isProbe: attempt.purpose == .probe)
                inFlight[attempt.session] = attempt
            case .open(let session, let backend):
                try checkStart(session, backend, isProbe: disabled.contains(backend))
                opening[session] = backend
            case .abort(let attempt):
                try check(inFlight[attempt.session] == attempt, "aborts what is not in flight")
            case .refreshCredential(let session):
                try check(inFlight[session] == nil && opening[session] == nil, "refreshes while in flight")
                refreshing.append(session)
            case .granted(let session, let ticket, let isGranted):
                try granted(session, ticket, isGranted)
            case .retire(let session):
                try check(inFlight[session] == nil && opening[session] == nil, "retires while in flight")
                try check(alive.removeValue(forKey: session) != nil, "retires twice")
                try check(!openCycles.values.contains(session), "retires within a cycle")
                try check(wanting[session, default: []].isEmpty, "leaves a lock unanswered")
                holders[session] = nil
                dead.append(session)
            case .emit(let event): try book(event)
            }
        }
    }

    private func checkStart(_ session: SessionHandle, _ backend: BackendIndex, isProbe: Bool) throws {
        try check(!isStopped, "starts after shutdown")
        try check(!removed.contains(backend), "starts on a removed backend")
        try check(alive[session] == backend || alive[session] == nil && !dead.contains(session), "calls a dead session")
        try check(inFlight[session] == nil && opening[session] == nil, "two in flight on one session")
        try check(!doomed.contains(session), "calls a released session")
        try check(holders[session] == nil && wanting[session, default: []].isEmpty, "calls a locked session")
        if disabled.contains(backend) {
            try check(isProbe, "calls a disabled backend")
            try check(probing[backend] == nil, "two probes")
            probing[backend] = session
        } else {
            try check(!isProbe, "probes an enabled backend")
        }
        if let until = pausedUntil[backend] { try check(now >= until, "calls a paused backend") }
        if let until = heldUntil[backend] { try check(now >= until, "calls a backend that somebody disabled") }
        let policy = policies[Int(backend)]
        let busy = inFlight.values.count { $0.backend == backend } + opening.values.count { $0 == backend }
        try check(busy < policy.maxRequestsInFlight, "more in flight than the cap")
        let needed = 2 * Double(largestCount[backend] ?? 0) / engine.status(of: backend).interval.fractionalSeconds
        let rate = policy.maxRequestsPerSecond ?? max(20, needed)
        starts[backend, default: []].append(now)
        starts[backend]?.removeAll { $0 + .seconds(1) <= now }
        try check(
            Double(starts[backend]?.count ?? 0) <= rate + max(1, rate / 10) + rate / 100 + 1e-6,
            "more per second than the rate"
        )
    }

    private func granted(_ session: SessionHandle, _ ticket: LockTicket, _ isGranted: Bool) throws {
        let first = wanting[session, default: []].first
        wanting[session, default: []].removeAll { $0 == ticket }
        guard isGranted else { return }
        try check(first == nil || first == ticket, "not first come, first served")
        try check(inFlight[session] == nil && opening[session] == nil, "grants while in flight")
        try check(holders[session] == nil, "grants twice")
        try check(alive[session] != nil, "grants a dead session")
        holders[session] = ticket
    }

    private func book(_ event: Event) throws {
        switch event {
        case .called: called += 1
        case .cycleEnded(let last, _):
            try check(openCycles.removeValue(forKey: last.cycle) == last.session, "ends a cycle that is not open")
        case .autoDisabled(let backend, _, _, let nextProbe):
            try check(disabled.insert(backend).inserted, "disables twice")
            try check(nextProbe <= now + policies[Int(backend)].probeAfter, "probes late")
        case .operatorDisabled(let backend, let until): heldUntil[backend] = until ?? .never
        case .probed(let backend, succeeded: true, _) where heldUntil[backend].map { now < $0 } ?? false:
            disabled.remove(backend)
        case .reenabled(let backend, .operator, _):
            let wasHeld = heldUntil.removeValue(forKey: backend) != nil
            let wasDisabled = disabled.remove(backend) != nil
            try check(wasHeld || wasDisabled, "enables what is enabled")
            // A call that is still in flight is one as any other now.
            if wasDisabled { probing[backend] = nil }
        case .reenabled(let backend, let reason, _):
            try check(disabled.remove(backend) != nil, "enables what is enabled")
            try check(heldUntil[backend].map { $0 <= now } ?? true, "enables what somebody disabled")
            if reason == .reload { probing[backend] = nil }
        case .backendPaused(let backend, _, let until): pausedUntil[backend] = until
        default: break
        }
        try check(called == ended, "calls that ended and calls that were counted differ")
    }
}
