// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
package import ControlAPI
import Foundation
import KeepaliveEngine
import OTLPExport
import Transfer

/// POSTs the events of the feed to `api.webhook`, on a thread of its own, so that it delays nothing else.
///
/// What comes next is decided by `WebhookDelivery`; events wait in the ring of the feed.
package actor WebhookSender {
    private typealias Instant = ContinuousClock.Instant

    /// Whom events are sent to: scheme, host and port. Path, query and user may be secrets.
    package nonisolated let receiver: String

    private nonisolated let executor = PollExecutor(name: "webhook")
    private nonisolated let feed: EventFeed
    private let url: String
    private let pool: TransferPool
    private let timeout: Duration
    private let environment: [String: String]
    private let readFile: FileReader
    private let clock: AgentClock
    private let log: any LogSink
    private var headers: [HeaderConfiguration]
    private var endpoint: Endpoint
    private var delivery = WebhookDelivery()
    private var random: SplitMix64
    private var lastSuccess: Date?
    private var posting: Task<Void, Never>?
    private var deadline: Instant?
    private var ending: CheckedContinuation<Void, Never>?

    /// Sets everything up; nothing is sent before `start`.
    ///
    /// - Parameter timeout: how long one POST may take.
    /// - Throws: when the URL or a header cannot be used.
    init(
        _ configuration: WebhookConfiguration,
        feed: EventFeed,
        log: any LogSink,
        clock: AgentClock = .system,
        timeout: Duration = .seconds(10),
        seed: UInt64 = .random(in: .min ... .max),
        environment: [String: String],
        readFile: FileReader = .system
    ) throws(TransferError) {
        let pool = TransferPool(executor: executor)
        endpoint = try pool.endpoint(Self.options(configuration.url, configuration.headers))
        self.pool = pool
        self.feed = feed
        self.log = log
        self.clock = clock
        self.timeout = timeout
        self.environment = environment
        self.readFile = readFile
        url = configuration.url
        headers = configuration.headers
        random = SplitMix64(seed: seed)
        receiver = Self.origin(of: configuration.url)
    }

    /// The thread that it runs on.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// Begins to send, from the first event on. To be called once.
    nonisolated func start() {
        feed.ring { [executor] in executor.wake() }
        executor.start { [self] in assumeIsolated { $0.turn() } }
    }

    /// Tries what waits once more, then ends the thread, after `limit` in any case.
    func stop(within limit: Duration) async {
        guard deadline == nil else { return }
        deadline = .now + limit
        delivery.stop()
        executor.wake()
        await withCheckedContinuation { ending = $0 }
    }

    /// How it is doing.
    package var view: WebhookView {
        WebhookView(
            state: delivery.problem != nil ? .failing : lastSuccess != nil ? .ok : .waiting,
            endpoint: receiver,
            lastSuccess: lastSuccess,
            pending: feed.lastNumber - delivery.position,
            dropped: delivery.dropped,
            problem: delivery.problem
        )
    }

    // MARK: The thread

    private func turn() -> Duration? {
        pool.takeFinished { _, _ in }
        let now = Instant.now
        if let deadline, deadline <= now {
            finish()
            return nil
        }
        switch delivery.step(at: now, last: feed.lastNumber) {
        case .post:
            post()
            return .zero
        case .wait(let until):
            return [until, deadline].compactMap(\.self).min().map { $0 - now }
        case .finish:
            finish()
            return nil
        }
    }

    private func post() {
        let excerpt = feed.excerpt(after: delivery.position, limit: WebhookBatch.mostEvents)
        delivery.missed(excerpt.missed)
        do {
            let batch = try WebhookBatch(excerpt, isAfterGap: delivery.isAfterGap)
            delivery.began(end: batch.end)
            posting = Task { settle(await answer(to: batch.body)) }
        } catch {
            delivery.began(end: excerpt.start + UInt64(excerpt.events.count))
            settle(.refused(problem: "an event cannot be written as JSON"))
        }
    }

    private func settle(_ answer: WebhookAnswer) {
        if answer == .taken { lastSuccess = Date(timeIntervalSince1970: Double(clock.unixNanoseconds()) / 1e9) }
        let change = delivery.ended(answer, at: .now, using: &random)
        // Canceled at the end: what is told then says it all.
        if let change, posting?.isCancelled != true { tell(change) }
    }

    private func tell(_ change: WebhookChange) {
        log.say(change.level, change.text(of: receiver))
    }

    private func finish() {
        guard let ending else { return }
        self.ending = nil
        posting?.cancel()
        pool.close(endpoint)
        let left = feed.lastNumber - delivery.position
        if left > 0 { tell(.abandoned(left)) }
        executor.stop()
        ending.resume()
    }

    // MARK: One POST

    private func answer(to body: [UInt8]) async -> WebhookAnswer {
        let (answer, status) = await send(body)
        // A credential that was replaced in its file meanwhile.
        guard [401, 403].contains(status), await renewHeaders() else { return answer }
        return await send(body).answer
    }

    private func send(_ body: [UInt8]) async -> (answer: WebhookAnswer, status: Int?) {
        // Nothing in the body of the reply is of use.
        let head = RequestHead(method: .post, timeout: timeout, keepsBody: false)
        do throws(TransferError) {
            let response = try await pool.send(Request(head: head, body: body), on: endpoint)
            let now = Int64(clock.unixNanoseconds() / 1_000_000_000)
            return (WebhookAnswer(response, now: now), response.status)
        } catch {
            return (WebhookAnswer(error), nil)
        }
    }

    /// Resolves the headers again; true when they are others now.
    private func renewHeaders() async -> Bool {
        let fresh = await headers.resolvedAgain(environment: environment, readFile: readFile)
        guard fresh != headers, let renewed = try? pool.endpoint(Self.options(url, fresh)) else { return false }
        pool.close(endpoint)
        endpoint = renewed
        headers = fresh
        return true
    }

    private static func options(_ url: String, _ headers: [HeaderConfiguration]) -> EndpointOptions {
        EndpointOptions(
            url: url,
            userAgent: AgentVersion.userAgent,
            headers: [HeaderField(name: "Content-Type", value: "application/json")]
                + headers.map { header in HeaderField(name: header.name, value: header.value.reveal { $0 }) },
            maxConnections: 1
        )
    }

    private static func origin(of url: String) -> String {
        let shown = OTLPConfiguration.displayName(of: url)
        guard let scheme = shown.firstRange(of: "://") else { return shown }
        let rest = shown[scheme.upperBound...]
        return String(shown[..<(rest.firstIndex(of: "/") ?? rest.endIndex)])
    }
}
