// SPDX-License-Identifier: Apache-2.0

package import KeepaliveEngine

/// Runs an engine in virtual time: carries out its actions by scripted answers, and writes down all that happens.
///
/// A day of a backend takes milliseconds. Not for the rules themselves: it decides nothing.
package final class VirtualAgent {
    /// Something with the time at which it happened.
    package struct Timed<Value> {
        package let at: Tick
        package let value: Value
    }

    /// Answers a call: what it comes to, and after how long; nil when no answer comes until it is aborted.
    package var answer: (Attempt, Tick) -> (outcome: Outcome, after: Duration)? = { _, _ in (.success, .milliseconds(5))
    }
    /// Answers an initialization.
    package var opening: (SessionHandle, Tick) -> (result: OpeningResult, after: Duration) = { _, _ in
        (.stateful(advertisedTTL: nil), .milliseconds(5))
    }
    /// Answers whether a credential that is read again is another one.
    package var isCredentialChanged: (SessionHandle, Tick) -> Bool = { _, _ in false }

    package private(set) var engine: Engine
    package private(set) var now: Tick
    package private(set) var events: [Timed<Event>] = []
    package private(set) var calls: [Timed<Attempt>] = []
    package private(set) var openings: [Timed<SessionHandle>] = []
    package private(set) var aborts: [Timed<Attempt>] = []
    package private(set) var refreshes: [Timed<SessionHandle>] = []
    package private(set) var grants: [Timed<(session: SessionHandle, ticket: LockTicket, isGranted: Bool)>] = []
    package private(set) var retired: [Timed<SessionHandle>] = []
    /// The calls in flight.
    package private(set) var inFlight: [Attempt] = []
    /// The state of all chance.
    package private(set) var random: SplitMix64
    private var actions: [Action] = []
    /// What is to be told to the engine, the earliest last.
    private var pending: [Timed<Input>] = []

    /// An agent for these backends, at `start`; `seed` decides all chance.
    package init(
        _ policies: BackendPolicy...,
        seed: UInt64 = 1,
        start: Tick = Tick(milliseconds: 1_000_000)
    ) {
        engine = Engine(policies: policies, startingAt: start)
        now = start
        random = SplitMix64(seed: seed)
    }

    @discardableResult
    package func attach(to backend: BackendIndex = 0, lastUse: Tick? = nil) -> SessionHandle {
        let handle = engine.attach(to: backend, lastUse: lastUse, at: now, using: &random, into: &actions)
        perform()
        return handle
    }

    /// Registers a session that was there before, of which this is known.
    @discardableResult
    package func restore(_ history: SessionHistory, on backend: BackendIndex = 0) -> SessionHandle {
        let handle = engine.attach(to: backend, with: history, at: now, using: &random, into: &actions)
        perform()
        return handle
    }

    /// Takes over what is known of a backend from before.
    package func restore(_ history: BackendHistory, of backend: BackendIndex = 0) {
        engine.restore(history, of: backend, at: now)
    }

    /// Lets the sessions go on that were restored.
    package func endRestoring() {
        engine.endRestoring(at: now, using: &random, into: &actions)
        perform()
    }

    @discardableResult
    package func own(on backend: BackendIndex = 0) -> SessionHandle {
        let handle = engine.own(on: backend, at: now, using: &random, into: &actions)
        perform()
        return handle
    }

    /// Loads a configuration with one backend more.
    package func add(_ policy: BackendPolicy) -> BackendIndex {
        let backend = engine.add(policy, at: now, using: &random, into: &actions)
        perform()
        return backend
    }

    /// Loads a configuration in which a backend is another one.
    package func change(
        _ backend: BackendIndex = 0,
        to policy: BackendPolicy,
        isOtherServer: Bool = false,
        isOtherTool: Bool = false
    ) {
        engine.change(
            backend,
            to: policy,
            isOtherServer: isOtherServer,
            isOtherTool: isOtherTool,
            at: now,
            using: &random,
            into: &actions
        )
        perform()
    }

    /// Loads a configuration without a backend.
    package func remove(_ backend: BackendIndex = 0) {
        engine.remove(backend, at: now, using: &random, into: &actions)
        perform()
    }

    /// Tells the engine something, now.
    package func send(_ input: Input) {
        if case .finished(let attempt, _) = input {
            inFlight.removeAll { $0 == attempt }
            pending.removeAll { if case .finished(attempt, _) = $0.value { true } else { false } }
        }
        engine.handle(input, at: now, using: &random, into: &actions)
        perform()
    }

    /// Lets time go by, with all that happens in it.
    package func run(for duration: Duration) {
        run(until: now + duration)
    }

    /// Lets time go by until `end`.
    package func run(until end: Tick) {
        while let next = nextTime, next <= end {
            now = max(now, next)
            if let first = pending.last, first.at <= now {
                pending.removeLast()
                send(first.value)
            } else {
                send(.tick)
            }
        }
        now = max(now, end)
    }

    /// Lets time go by until `condition` holds, at most for `limit`; whether it came to hold.
    package func run(atMost limit: Duration, until condition: (VirtualAgent) -> Bool) -> Bool {
        let end = now + limit
        while !condition(self) {
            guard let next = nextTime, next <= end else { return false }
            run(until: max(next, now))
        }
        return true
    }

    /// Lets time go by without telling the engine, as when the machine is suspended.
    package func suspend(for duration: Duration) {
        now = now + duration
    }

    private var nextTime: Tick? {
        guard let first = pending.last?.at else { return engine.nextDeadline }
        return engine.nextDeadline.map { min($0, first) } ?? first
    }

    private func schedule(_ input: Input, at time: Tick) {
        // Sorted downwards; among equals the later one is told later.
        let position = pending.firstIndex { $0.at <= time } ?? pending.count
        pending.insert(Timed(at: time, value: input), at: position)
    }

    private func perform() {
        let batch = actions
        actions.removeAll(keepingCapacity: true)
        for action in batch {
            switch action {
            case .call(let attempt):
                calls.append(Timed(at: now, value: attempt))
                inFlight.append(attempt)
                if let (outcome, delay) = answer(attempt, now) {
                    schedule(.finished(attempt, outcome), at: now + delay)
                }
            case .abort(let attempt):
                aborts.append(Timed(at: now, value: attempt))
                pending.removeAll { if case .finished(attempt, _) = $0.value { true } else { false } }
                schedule(.finished(attempt, .failure(.cancelled)), at: now)
            case .refreshCredential(let session):
                refreshes.append(Timed(at: now, value: session))
                schedule(.credentialRefreshed(session, changed: isCredentialChanged(session, now)), at: now)
            case .open(let session, _):
                openings.append(Timed(at: now, value: session))
                let (result, delay) = opening(session, now)
                schedule(.opened(session, result), at: now + delay)
            case .granted(let session, let ticket, let isGranted):
                grants.append(Timed(at: now, value: (session, ticket, isGranted)))
            case .emit(let event): events.append(Timed(at: now, value: event))
            case .retire(let session): retired.append(Timed(at: now, value: session))
            }
        }
    }
}
