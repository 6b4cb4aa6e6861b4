// SPDX-License-Identifier: Apache-2.0

package import ControlAPI
import Foundation
import KeepaliveEngine
import Locking
import Synchronization

/// What the local API can do with this agent.
package final class AgentControl: ControlPlane {
    /// Reads the configuration file again, and says which one is in force.
    package protocol Reloading: Sendable {
        func reload() async throws(ControlProblem) -> ReloadReport
        var view: ConfigurationView { get async }
    }

    private let reactor: Reactor
    private let registry: SessionRegistry
    private let feed: EventFeed
    private let clock: AgentClock
    private let telemetry: @Sendable () -> TelemetryView
    private let storage: (any StateStorage)?
    private let webhook: WebhookSender?
    private let reloading: any Reloading
    private let processID: Int32
    private let startedAt: Date
    private let isStarted = Atomic<Bool>(false)
    /// Who waits for the start; nil: it is over.
    private let waiting = Locked<[CheckedContinuation<Void, Never>]?>([])

    /// How long the loop may take to turn: it turns several times a second.
    private static let longestTurn: Duration = .seconds(5)
    /// How long somebody waits for a probe.
    private static let probeLimit: Duration = .seconds(35)

    /// - Parameters:
    ///   - reloading: what reads the configuration file.
    ///   - processID: of this process.
    package init(_ agent: Agent, reloading: any Reloading, processID: Int32) {
        reactor = agent.reactor
        registry = agent.registry
        feed = agent.feed
        clock = agent.clock
        storage = agent.storage
        webhook = agent.webhook
        telemetry = { [exports = agent.exports, pipeline = agent.pipeline] in exports.view(of: pipeline) }
        self.reloading = reloading
        self.processID = processID
        startedAt = Date(timeIntervalSince1970: Double(agent.clock.unixNanoseconds()) / 1e9)
    }

    // MARK: Health

    package var isLive: Bool {
        guard let last = reactor.heartbeat.last else { return false }
        return clock.now() - last < Self.longestTurn
    }

    package var isReady: Bool { isStarted.load(ordering: .relaxed) && isLive }

    /// Everything is started, or begins to stop.
    package func setReady(_ isReady: Bool) {
        isStarted.store(isReady, ordering: .relaxed)
        let waiting = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting ?? []
        }
        for continuation in waiting { continuation.resume() }
    }

    package func waitUntilStarted() async {
        await withCheckedContinuation { continuation in
            let isOver = waiting.withLock { waiting in
                waiting?.append(continuation)
                return waiting == nil
            }
            if isOver { continuation.resume() }
        }
    }

    // MARK: Sessions

    package func register(
        _ registration: SessionRegistration,
        backend: String,
        key: String
    ) async throws(ControlProblem) -> (grant: SessionGrant, isNew: Bool) {
        try await registry.register(registration, backend: backend, key: key)
    }

    package func renew(
        _ renewal: SessionRenewal,
        backend: String,
        key: String
    ) async throws(ControlProblem) -> SessionGrant {
        try await registry.renew(renewal, backend: backend, key: key)
    }

    package func suspend(
        _ suspension: SessionSuspension,
        backend: String,
        key: String
    ) async throws(ControlProblem) -> SessionGrant {
        try await registry.suspend(suspension, backend: backend, key: key)
    }

    package func release(backend: String, key: String) async throws(ControlProblem) -> ReleaseReport {
        _ = try await index(of: backend)
        return ReleaseReport(
            backend: backend,
            key: key,
            durable: try await registry.release(backend: backend, key: key)
        )
    }

    package func session(backend: String, key: String) async throws(ControlProblem) -> SessionView {
        _ = try await index(of: backend)
        let name = SessionKey(backend: backend, key: key)
        guard let handle = await registry.handle(of: name), let facts = await reactor.facts(of: handle) else {
            throw SessionRegistry.noSession(name)
        }
        let terms = await registry.terms(of: [handle])
        return SessionView(facts, terms[handle], WallClock(clock))
    }

    package func sessions(_ query: SessionQuery) async throws(ControlProblem) -> SessionPage {
        var backend: BackendIndex?
        if let name = query.backend { backend = try await index(of: name) }
        var after: Int32 = -1
        if let text = query.after {
            guard let index = Int32(text), index >= 0 else {
                throw ControlProblem(.invalidParameter, "after: expected the 'next' of the page before")
            }
            after = index
        }
        let (facts, next) = await reactor.sessionFacts(after: after, on: backend, limit: query.limit)
        let terms = await registry.terms(of: facts.map(\.handle))
        let clock = WallClock(clock)
        return SessionPage(
            sessions: facts.map {
                SessionView($0, terms[$0.handle], clock)
            },
            next: next.map(String.init)
        )
    }

    // MARK: Backends

    package func backends() async -> [BackendView] {
        let facts = await reactor.backendFacts()
        let clock = WallClock(clock)
        return facts.map { BackendView($0, clock) }
    }

    package func probe(backend: String) async throws(ControlProblem) -> ProbeReport {
        let index = try await applicableIndex(of: backend)
        let finding = await reactor.probe(index, within: Self.probeLimit)
        return ProbeReport(
            backend: try await view(of: backend),
            succeeded: finding.map { $0.reason == nil },
            reason: finding?.reason?.rawValue,
            latencyMilliseconds: finding?.latency.map { $0.fractionalSeconds * 1000 }
        )
    }

    package func enable(backend: String) async throws(ControlProblem) -> BackendView {
        let index = try await applicableIndex(of: backend)
        await reactor.enable(index)
        return try await view(of: backend)
    }

    package func disable(backend: String, _ hold: BackendHold) async throws(ControlProblem) -> BackendView {
        let index = try await applicableIndex(of: backend)
        await reactor.disable(index, for: hold.forSeconds.map { .seconds($0) })
        return try await view(of: backend)
    }

    private func index(of backend: String) async throws(ControlProblem) -> BackendIndex {
        guard let index = await reactor.backendIndex(named: backend) else { throw await reactor.noBackend(backend) }
        return index
    }

    /// The index of a backend whose keepalive is not off.
    private func applicableIndex(of backend: String) async throws(ControlProblem) -> BackendIndex {
        let index = try await index(of: backend)
        if let reason = await reactor.status(of: index).notApplicable {
            throw ControlProblem(.backendOff, "keepalive is off for this backend: \(StateChange.words(for: reason))")
        }
        return index
    }

    private func view(of backend: String) async throws(ControlProblem) -> BackendView {
        guard let view = await backends().first(where: { $0.name == backend }) else {
            throw await reactor.noBackend(backend)
        }
        return view
    }

    // MARK: The agent

    package func status() async -> StatusView {
        StatusView(
            version: AgentVersion.current,
            pid: Int(processID),
            startedAt: startedAt,
            now: Date(timeIntervalSince1970: Double(clock.unixNanoseconds()) / 1e9),
            configuration: await reloading.view,
            telemetry: telemetry(),
            storage: storage.map {
                StorageView(state: $0.problem == nil ? .ok : .degraded, directory: $0.directory, problem: $0.problem)
            } ?? StorageView(state: .off),
            webhook: await webhook?.view,
            backends: await backends()
        )
    }

    package func events(of kinds: Set<AgentEvent.Kind>, after lastEventID: String?) async -> EventSubscription {
        feed.subscribe(to: kinds, after: lastEventID)
    }

    package func reload() async throws(ControlProblem) -> ReloadReport {
        try await reloading.reload()
    }
}
