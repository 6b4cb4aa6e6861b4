// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import KeepaliveTesting

/// A control plane that does what it is told and remembers what it was asked: it knows the backend `b`, and `/b ü`.
final class FakeControlPlane: ControlPlane {
    struct Subscription {
        var kinds: Set<AgentEvent.Kind>
        var lastEventID: String?
        var continuation: AsyncStream<AgentEvent>.Continuation
        var isOver = false
    }

    struct State {
        var isLive = true
        var isReady = true
        var isStarted = true
        /// What was asked, as `register b/k`.
        var calls: [String] = []
        var registrations: [String: SessionRegistration] = [:]
        var subscriptions: [Subscription] = []
        /// Asked for a suspension or for events, it does not answer until told to, and heeds no cancellation.
        var hangs = false
        var hanging: [CheckedContinuation<Void, Never>] = []
        /// Whether what is released stays so.
        var isDurable = true
        /// What cannot be written as JSON.
        var latency: Double? = 1.5
    }

    let state = Recorder(State())

    static let now = Date(timeIntervalSince1970: 1_795_680_000)
    static let backend = BackendView(
        name: "b",
        url: "http://127.0.0.1:9/mcp",
        state: .active,
        method: "ping",
        intervalSeconds: 300
    )

    var isLive: Bool { state.record.isLive }
    var isReady: Bool { state.record.isReady }

    /// Sends an event to all that are subscribed.
    func send(_ event: AgentEvent) {
        for subscription in state.record.subscriptions { subscription.continuation.yield(event) }
    }

    /// Lets all answers come that hang.
    func goOn() {
        let hanging = state.change { state in
            defer { state.hanging = [] }
            state.hangs = false
            return state.hanging
        }
        for continuation in hanging { continuation.resume() }
    }

    private func note(_ call: String, _ backend: String? = nil) throws(ControlProblem) {
        state.change { $0.calls.append(call) }
        guard let backend, backend != "b", backend != "/b ü" else { return }
        throw ControlProblem(.noSuchBackend, "there is no backend '\(backend)'")
    }

    private func known(_ backend: String, _ key: String) throws(ControlProblem) {
        guard state.record.registrations["\(backend)/\(key)"] != nil else {
            throw ControlProblem(.noSuchSession, "there is no session '\(key)'")
        }
    }

    private func grant(_ backend: String, _ key: String, seconds: Int?, suspended: Date? = nil) -> SessionGrant {
        SessionGrant(
            backend: backend,
            key: key,
            leaseExpiresAt: Self.now + TimeInterval(seconds ?? SessionRegistration.defaultLease),
            suspendedUntil: suspended,
            durable: false
        )
    }

    private func hang() async {
        await withCheckedContinuation { continuation in
            let hangs = state.change { state in
                if state.hangs { state.hanging.append(continuation) }
                return state.hangs
            }
            if !hangs { continuation.resume() }
        }
    }

    // MARK: ControlPlane

    func waitUntilStarted() async {
        guard !state.record.isStarted else { return }
        await hang()
    }

    func register(
        _ registration: SessionRegistration,
        backend: String,
        key: String
    ) async throws(ControlProblem) -> (grant: SessionGrant, isNew: Bool) {
        try note("register \(backend)/\(key)", backend)
        let isNew = state.change { $0.registrations.updateValue(registration, forKey: "\(backend)/\(key)") == nil }
        return (grant(backend, key, seconds: registration.leaseSeconds), isNew)
    }

    func renew(_ renewal: SessionRenewal, backend: String, key: String) async throws(ControlProblem) -> SessionGrant {
        try note("renew \(backend)/\(key) \(renewal.leaseSeconds ?? 0)", backend)
        try known(backend, key)
        return grant(backend, key, seconds: renewal.leaseSeconds)
    }

    func suspend(
        _ suspension: SessionSuspension,
        backend: String,
        key: String
    ) async throws(ControlProblem) -> SessionGrant {
        try note("suspend \(backend)/\(key) \(suspension.seconds ?? 0)", backend)
        try known(backend, key)
        await hang()
        return grant(backend, key, seconds: nil, suspended: Self.now + TimeInterval(suspension.seconds ?? 60))
    }

    func release(backend: String, key: String) async throws(ControlProblem) -> ReleaseReport {
        try note("release \(backend)/\(key)", backend)
        try known(backend, key)
        return state.change { state in
            state.registrations["\(backend)/\(key)"] = nil
            return ReleaseReport(backend: backend, key: key, durable: state.isDurable)
        }
    }

    func session(backend: String, key: String) async throws(ControlProblem) -> SessionView {
        try note("session \(backend)/\(key)", backend)
        try known(backend, key)
        var view = SessionView(backend: backend, source: .api, state: .active, lastActivity: Self.now)
        view.key = key
        return view
    }

    func sessions(_ query: SessionQuery) async throws(ControlProblem) -> SessionPage {
        try note("sessions \(query.backend ?? "-") \(query.after ?? "-") \(query.limit)", query.backend)
        return SessionPage(sessions: [], next: "n+1 /")
    }

    func backends() async -> [BackendView] { [Self.backend] }

    func status() async -> StatusView {
        StatusView(
            version: "1.0.0",
            pid: 1,
            startedAt: Self.now,
            now: Self.now,
            configuration: ConfigurationView(file: "/a.yaml", loadedAt: Self.now),
            telemetry: TelemetryView(state: .ok),
            storage: StorageView(state: .off),
            backends: [Self.backend]
        )
    }

    func events(of kinds: Set<AgentEvent.Kind>, after lastEventID: String?) async -> EventSubscription {
        await hang()
        let (events, continuation) = AsyncStream<AgentEvent>.makeStream()
        let number = state.change { state in
            state.subscriptions.append(
                Subscription(kinds: kinds, lastEventID: lastEventID, continuation: continuation)
            )
            return state.subscriptions.count - 1
        }
        continuation.onTermination = { [state] _ in state.change { $0.subscriptions[number].isOver = true } }
        return EventSubscription(events: events)
    }

    func probe(backend: String) async throws(ControlProblem) -> ProbeReport {
        try note("probe \(backend)", backend)
        return ProbeReport(backend: Self.backend, succeeded: true, latencyMilliseconds: state.record.latency)
    }

    func enable(backend: String) async throws(ControlProblem) -> BackendView {
        try note("enable \(backend)", backend)
        return Self.backend
    }

    func disable(backend: String, _ hold: BackendHold) async throws(ControlProblem) -> BackendView {
        try note("disable \(backend) \(hold.forSeconds ?? 0)", backend)
        var view = Self.backend
        view.state = .heldByOperator
        return view
    }

    func reload() async throws(ControlProblem) -> ReloadReport {
        try note("reload")
        return ReloadReport(added: ["new"], untouchedSessions: 15)
    }
}
