// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration
package import KeepaliveEngine
import MCPWire
package import Telemetry
import Transfer

/// Carries out what the engine decides: the one actor whose executor is the thread inside `curl_multi_poll`.
///
/// The control plane talks to it with `await`. A keepalive needs no task and no hop: in each turn of the thread finished
/// transfers and the passing of time go into the engine, and its actions are carried out by plain calls.
package actor Reactor {
    let executor: PollExecutor
    let clock: AgentClock
    let pool: TransferPool
    let flights: FlightTable
    /// By index; those that were removed stay until their index is used again.
    var backends: [Backend]
    var clients: [SessionClient]
    /// The backends of the configuration by name.
    package internal(set) var indices: [String: BackendIndex]
    /// Backends that were removed and have sessions yet.
    var leaving: [BackendIndex] = []
    /// Clients of backends as they were before: their connections are closed when nothing is under way on them.
    var outdated: [SessionClient] = []
    /// Owned sessions that are being closed because of another configuration.
    var closings: Set<SessionHandle> = []
    let tracing: Tracing
    let watchdog: Watchdog?
    /// Who is told of what happens, besides telemetry.
    let feed: EventFeed?
    /// Told of each session that is over: lost or released.
    let ended: AsyncStream<SessionHandle>.Continuation?
    let environment: [String: String]
    let readFile: FileReader
    let instruments: Instruments
    var series: [BackendInstruments]

    var engine: Engine
    var random: SplitMix64
    var recording: Recording
    var sessions: SessionDirectory
    /// Those that wait for the exclusive lock of a session.
    var lockWaiters: [LockTicket: CheckedContinuation<Bool, Never>] = [:]
    var lastTicket: UInt64 = 0
    /// Sessions whose credential was refused.
    var pausedSessions: Set<SessionHandle> = []
    /// Those that wait for a call that they asked for, by its session.
    var probes: [SessionHandle: [UInt64: CheckedContinuation<ProbeFinding?, Never>]] = [:]
    var probeLimits: [UInt64: Task<Void, Never>] = [:]
    var lastProbe: UInt64 = 0
    /// Owned sessions that are being opened.
    var openings: [SessionHandle: Task<Void, Never>] = [:]
    /// Whether `shutdown` was called.
    package internal(set) var isStopping = false
    /// When the loop last turned: proof that the schedule is alive.
    package internal(set) var lastTurn: Tick?
    /// The same for whoever must not wait for the loop.
    package nonisolated let heartbeat = Heartbeat()
    /// How long the last calls of each backend took; only where there is a feed.
    var latencies: [RecentLatencies] = []

    /// When the watchdog is told again; it is told with the first turn.
    private var nextSignOfLife: Tick
    /// Reused from turn to turn.
    var actions: [Action] = []
    private var endedCalls: [EndedCall] = []
    /// The cycle that the events of this moment come from.
    private var currentTrace: CycleTrace?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// Sets everything up; nothing is sent before `start`.
    ///
    /// - Parameters:
    ///   - configurations: the backends; their order gives them their index.
    ///   - meter: where the catalogue's metrics are registered, with zero series for every backend.
    ///   - seed: the seed of all chance in the schedule.
    ///   - generator: where trace and request ids come from.
    ///   - tracing: which keepalives have spans.
    ///   - watchdog: who wants to know that the loop turns.
    ///   - feed: who wants to know what happens, besides telemetry.
    ///   - ended: told of each session that is over.
    /// - Throws: when a backend's URL or TLS files cannot be used.
    package init(
        configurations: [BackendConfiguration],
        meter: Meter,
        sink: any TelemetrySink,
        log: any LogSink,
        clock: AgentClock = .system,
        seed: UInt64 = .random(in: .min ... .max),
        generator: any RandomNumberGenerator & Sendable = EntropyBuffer(),
        tracing: Tracing = Tracing(),
        watchdog: Watchdog? = nil,
        feed: EventFeed? = nil,
        ended: AsyncStream<SessionHandle>.Continuation? = nil,
        environment: [String: String] = [:],
        readFile: FileReader = .system
    ) throws(BackendProblem) {
        let executor = PollExecutor(name: "keepalive")
        let pool = TransferPool(executor: executor)
        var generator: any RandomNumberGenerator & Sendable = generator
        var backends: [Backend] = []
        for configuration in configurations {
            do throws(TransferError) {
                backends.append(try Backend(configuration, pool: pool))
            } catch {
                throw BackendProblem(backend: configuration.name, error: error)
            }
        }
        let instruments = Instruments(meter: meter, backends: configurations.count)
        let series = configurations.map {
            BackendInstruments(backend: $0.name, method: $0.policy.method, instruments: instruments)
        }
        let prefixes = configurations.map { _ in generator.next() }
        self.executor = executor
        self.pool = pool
        self.clock = clock
        self.backends = backends
        indices = Dictionary(uniqueKeysWithValues: configurations.enumerated().map { ($1.name, BackendIndex($0)) })
        self.instruments = instruments
        self.series = series
        self.tracing = tracing
        self.watchdog = watchdog
        self.feed = feed
        self.ended = ended
        nextSignOfLife = watchdog == nil ? .never : .zero
        self.environment = environment
        self.readFile = readFile
        clients = backends.enumerated()
            .map { index, backend in
                SessionClient(
                    backend: backend,
                    index: BackendIndex(index),
                    pool: pool,
                    clock: clock,
                    requestIDs: RequestIDSource(prefix: prefixes[index])
                )
            }
        let flights = FlightTable(using: generator, sampler: tracing.sampler)
        self.flights = flights
        sessions = SessionDirectory(naming: tracing.naming)
        engine = Engine(policies: configurations.map(\.policy), startingAt: clock.now())
        random = SplitMix64(seed: seed)
        recording = Recording(
            configurations: configurations,
            instruments: series,
            meter: meter,
            sink: sink,
            log: log
        )
        pool.inspector = { tag, partial, piece in flights.receive(piece, of: partial, cycle: Int(tag)) }
    }

    /// Starts the thread and registers the owned sessions.
    package func start() {
        for (index, backend) in backends.enumerated() {
            for _ in 0..<backend.configuration.ownSessions { own(BackendIndex(index)) }
        }
    }

    /// Starts the polling thread; to be called once, before anything else is awaited of the actor.
    package nonisolated func run() {
        let isolated: @Sendable (isolated Reactor) -> Duration? = { $0.turn() }
        // What `assumeIsolated` does as well, which allocates at each turn, for it takes a closure that does not escape.
        let turn = unsafe unsafeBitCast(isolated, to: (@Sendable (Reactor) -> Duration?).self)
        executor.start { [weak self] in
            guard let self else { return nil }
            self.preconditionIsolated()
            return turn(self)
        }
    }

    // MARK: The turn

    /// How long the loop waits at most before it turns once more.
    private static let longestWait: Duration = .seconds(1)

    /// One turn of the thread: what ended, what is due. Returns how long the thread may wait.
    private func turn() -> Duration? {
        pool.takeFinished { tag, completion in take(completion, cycle: Int32(truncatingIfNeeded: tag)) }
        // The engine is told only now: its actions start transfers, which must not happen while others are handed over.
        for call in endedCalls {
            feed(.finished(call.attempt, call.outcome), of: flights.trace(of: call.attempt.cycle))
        }
        endedCalls.removeAll(keepingCapacity: true)
        guard !isStopping else { return nil }
        let now = clock.now()
        lastTurn = now
        heartbeat.beat(at: now)
        feed(.tick)
        if recording.summaryDue <= now { recordSummaries() }
        if !leaving.isEmpty || !outdated.isEmpty { sweep() }
        if let watchdog, nextSignOfLife <= now {
            // Twice the period is too late: what did not get through, for want of a file or of room, is tried again soon.
            nextSignOfLife = now + (watchdog.tell() ? watchdog.period : watchdog.period / 8)
        }
        let next = min(engine.nextDeadline ?? .never, recording.summaryDue, nextSignOfLife)
        // Whoever asks whether the loop turns must not have to wait for something to be due.
        return min(Self.longestWait, next == .never ? Self.longestWait : max(.zero, next - clock.now()))
    }

    /// Tells of the events that were too many to be told one by one; of all of them at the end.
    func recordSummaries(all: Bool = false) {
        let moment = Recording.Moment(now: clock.now(), unixNanoseconds: clock.unixNanoseconds())
        recording.recordSummaries(at: moment, all: all)
    }

    /// Tells the engine what happened and carries out what it wants done.
    ///
    /// - Parameter trace: the cycle that this is about, if any; the telemetry of what follows refers to it.
    func feed(_ input: Input, of trace: CycleTrace? = nil) {
        currentTrace = trace
        engine.handle(input, at: clock.now(), using: &random, into: &actions)
        carryOut()
        currentTrace = nil
    }

    func own(_ backend: BackendIndex) {
        let handle = engine.own(on: backend, at: clock.now(), using: &random, into: &actions)
        sessions[handle] = SessionContext(origin: .owned, backend: backend)
        carryOut()
    }

    func attach(_ context: SessionContext, lastUse: Tick? = nil) -> SessionHandle {
        let handle = engine.attach(
            to: context.backend,
            lastUse: lastUse,
            at: clock.now(),
            using: &random,
            into: &actions
        )
        sessions[handle] = context
        carryOut()
        executor.wake()
        return handle
    }

    func restore(_ context: SessionContext, _ history: SessionHistory) -> SessionHandle {
        let handle = engine.attach(
            to: context.backend,
            with: history,
            at: clock.now(),
            using: &random,
            into: &actions
        )
        sessions[handle] = context
        carryOut()
        return handle
    }

    func endRestoringEngine() {
        engine.endRestoring(at: clock.now(), using: &random, into: &actions)
        carryOut()
    }

    /// Carries out the actions in order; whatever they start reports back in a later turn.
    func carryOut() {
        if actions.isEmpty { return }
        let now = clock.now()
        for action in actions {
            switch action {
            case .call(let attempt): call(attempt, at: now)
            case .abort(let attempt): pool.abort(tag: UInt64(attempt.cycle))
            case .refreshCredential(let session): refreshCredential(of: session, for: currentTrace)
            case .open(let session, let backend): open(session, on: backend)
            case .granted(let session, let ticket, let isGranted): grant(session, ticket, isGranted)
            case .emit(let event): record(event, at: now)
            case .retire(let session):
                sessions[session] = nil
                giveUpProbes(of: session)
            }
        }
        actions.removeAll(keepingCapacity: true)
    }

    private func record(_ event: Event, at now: Tick) {
        let trace =
            switch event {
            // What ends one cycle can end others: each has a trace of its own.
            case .called(let attempt, _), .cycleEnded(let attempt, _): flights.trace(of: attempt.cycle)
            default: currentTrace
            }
        let moment = Recording.Moment(now: now, unixNanoseconds: clock.unixNanoseconds(), trace: trace)
        recording.record(event, at: moment) { [sessions] in sessions.name(of: $0) }
        if let feed { publish(event, at: moment, to: feed) }
        switch event {
        case .cycleEnded(let last, _): flights.end(last.cycle)
        case .sessionLost(let session, _, _, _, _):
            sessions.forgetIdentifier(of: session)
            pausedSessions.remove(session)
        case .sessionPaused(let session, _, _, _): pausedSessions.insert(session)
        case .sessionResumed(let session, _), .sessionReleased(let session, _, _): pausedSessions.remove(session)
        default: break
        }
    }

    // MARK: Calls

    private func call(_ attempt: Attempt, at now: Tick) {
        let backend = backends[Int(attempt.backend)]
        let headers = sessions.sendHeaders(on: attempt.session, of: backend)
        let version = sessions.protocolVersion(of: attempt.session)
        let unixNanoseconds = clock.unixNanoseconds()
        let (context, id) = flights.begin(attempt, unixNanoseconds: unixNanoseconds)
        recording.recordStart(of: attempt, at: now)
        let head = RequestHead(
            method: .post,
            timeout: attempt.timeout,
            bodyLimit: attempt.method == .ping ? Self.pingBodyLimit : Self.toolBodyLimit,
            inspects: true
        )
        pool.start(head, on: backend.endpoint, tag: UInt64(attempt.cycle)) { request in
            sessions.withIdentifier(of: attempt.session) { identifier in
                guard !identifier.isEmpty else { return }
                request.appendHeader(name: StreamableHTTPHeader.sessionID, value: identifier)
            }
            if let version {
                request.appendHeader(name: StreamableHTTPHeader.protocolVersion, value: version.rawValue)
            }
            for field in headers { request.appendHeader(field) }
            if tracing.propagates { context.appendTraceparent(to: &traceparent) }
            if attempt.method == .tool, let tool = backend.tool {
                JSONRPCRequest.appendToolCall(
                    tool,
                    id: id,
                    traceparent: traceparent,
                    to: &request.body
                )
            } else {
                JSONRPCRequest.appendPing(id: id, traceparent: traceparent, to: &request.body)
            }
            traceparent.removeAll(keepingCapacity: true)
        }
    }

    /// How much of an answer to a ping is taken, in bytes.
    private static let pingBodyLimit = 256 * 1024
    /// How much of an answer to a tool call is taken, in bytes.
    private static let toolBodyLimit = 1024 * 1024
    /// Reused from call to call.
    private var traceparent: [UInt8] = []

    private func take(_ completion: borrowing Completion, cycle: Int32) {
        let unixSeconds = Int64(clock.unixNanoseconds() / 1_000_000_000)
        guard let attempt = flights.attempt(of: cycle),
            let evidence = flights.finish(completion, cycle: Int(cycle), unixSeconds: unixSeconds)
        else { preconditionFailure("every transfer belongs to a flight") }
        flights.record(
            evidence,
            duration: completion.duration,
            session: (
                // Only spans bear it, and to make it costs memory.
                flights.isSampled(cycle) ? sessions.name(of: attempt.session) : "",
                sessions.protocolVersion(of: attempt.session)?.told ?? ""
            ),
            cycle: cycle
        )
        endedCalls.append(EndedCall(attempt: attempt, outcome: OutcomeClassification.classify(evidence)))
    }
}
