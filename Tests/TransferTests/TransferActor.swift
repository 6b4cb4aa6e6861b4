// SPDX-License-Identifier: Apache-2.0

import Transfer

/// An actor as users of the pool write it: its executor is the polling thread, its turn hands over what ended.
actor TransferActor {
    /// A completion, owned.
    struct Ended: Sendable {
        let status: Int
        let error: TransferError?
        let body: [UInt8]
        let contentType: String?
        let timings: Timings
        let newConnection: Bool
        let remotePort: Int
        let answeredEarly: Bool

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// A request that succeeds however busy the machine is.
    static let patient = RequestHead(timeout: .seconds(50))

    nonisolated let executor: PollExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private let pool: TransferPool
    private var endpoints: [String: Endpoint] = [:]
    private var waiters: [UInt64: CheckedContinuation<Ended, Never>] = [:]
    private var ended: [UInt64: Ended] = [:]
    private var lastTag: UInt64 = 0
    private var duringHandover: ((TransferPool) -> Void)?
    private var turnWaiters: [CheckedContinuation<Void, Never>] = []

    private init() {
        executor = PollExecutor(name: "transfer-test")
        pool = TransferPool(executor: executor)
    }

    /// Runs the closure with a started actor, and stops it.
    static func run<Result>(_ body: (TransferActor) async throws -> Result) async throws -> Result {
        let actor = TransferActor()
        actor.executor.start { actor.assumeIsolated { $0.turn() } }
        defer { actor.executor.stop() }
        return try await body(actor)
    }

    /// An actor that goes away with the last reference to it, with requests under way or not.
    static func releasable() -> TransferActor {
        let actor = TransferActor()
        actor.executor.start { [weak actor] in actor?.assumeIsolated { $0.turn() } }
        return actor
    }

    /// Sends through the control plane.
    func send(_ request: Request, to options: EndpointOptions) async throws(TransferError) -> Response {
        try await pool.send(request, on: endpoint(options))
    }

    /// Sends through the data plane.
    func ping(
        _ head: RequestHead = TransferActor.patient,
        to options: EndpointOptions,
        headers: [HeaderField] = [],
        body: String = "{}",
        completeWhen isComplete: (@Sendable ([UInt8]) -> Bool)? = nil
    ) async throws(TransferError) -> Ended {
        let tag = try start(head, to: options, headers: headers, body: body, completeWhen: isComplete)
        return await outcome(tag)
    }

    /// Starts a request of the data plane.
    func start(
        _ head: RequestHead = TransferActor.patient,
        to options: EndpointOptions,
        headers: [HeaderField] = [],
        body: String = "{}",
        completeWhen isComplete: (@Sendable ([UInt8]) -> Bool)? = nil
    ) throws(TransferError) -> UInt64 {
        lastTag += 1
        if let isComplete { pool.inspector = { _, partial, _ in isComplete(partial.body) } }
        pool.start(head, on: try endpoint(options), tag: lastTag) { builder in
            for field in headers { builder.appendHeader(field) }
            builder.body.append(contentsOf: body.utf8)
        }
        return lastTag
    }

    /// Does something with the pool while the next outcome is handed over.
    func duringNextHandover(_ body: @escaping @Sendable (TransferPool, Endpoint) -> Void, of options: EndpointOptions)
        throws
    {
        let endpoint = try endpoint(options)
        duringHandover = { pool in body(pool, endpoint) }
    }

    /// Waits for the outcome of a request that was started.
    func outcome(_ tag: UInt64) async -> Ended {
        if let known = ended.removeValue(forKey: tag) { return known }
        return await withCheckedContinuation { waiters[tag] = $0 }
    }

    func abort(_ tag: UInt64) {
        pool.abort(tag: tag)
    }

    func close(_ options: EndpointOptions) throws(TransferError) {
        pool.close(try endpoint(options))
    }

    /// Waits until no stream drains any more.
    func untilDrained() async {
        while pool.streamsDraining > 0 { await nextTurn() }
    }

    /// Calls back on the polling thread.
    func isOnExecutor() -> Bool { executor.isIsolatingCurrentContext() ?? false }

    var requestsInFlight: Int { pool.requestsInFlight }

    var streamsDraining: Int { pool.streamsDraining }

    private func endpoint(_ options: EndpointOptions) throws(TransferError) -> Endpoint {
        if let known = endpoints[options.url] { return known }
        let made = try pool.endpoint(options)
        endpoints[options.url] = made
        return made
    }

    private func nextTurn() async {
        await withCheckedContinuation { turnWaiters.append($0) }
    }

    private func turn() -> Duration? {
        let waiting = turnWaiters
        turnWaiters = []
        for waiter in waiting { waiter.resume() }
        pool.takeFinished { tag, completion in
            duringHandover.take()?(pool)
            let outcome = Ended(
                status: completion.status,
                error: completion.error,
                body: completion.body,
                contentType: completion.contentType,
                timings: completion.timings,
                newConnection: completion.newConnection,
                remotePort: completion.remotePort,
                answeredEarly: completion.answeredEarly
            )
            if let waiter = waiters.removeValue(forKey: tag) {
                waiter.resume(returning: outcome)
            } else {
                ended[tag] = outcome
            }
        }
        return nil
    }
}
