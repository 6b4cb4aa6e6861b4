// SPDX-License-Identifier: Apache-2.0

/// What the local API can do with the agent; the server behind it knows HTTP, and nothing else of the agent.
package protocol ControlPlane: Sendable {
    /// Whether the loop that sends the keepalives turns: `/livez`. Must not wait for that loop.
    var isLive: Bool { get }
    /// Whether the configuration is loaded, everything is started and nothing stops yet: `/readyz`.
    var isReady: Bool { get }

    /// Waits until the agent has begun: requests that come before are answered then, those about its health at once.
    func waitUntilStarted() async

    /// Registers or replaces a session. When it returns, no call with the id that it had before is in flight or will be
    /// sent, and the registration is on disk where that is possible.
    func register(
        _ registration: SessionRegistration,
        backend: String,
        key: String
    ) async throws(ControlProblem) -> (grant: SessionGrant, isNew: Bool)

    /// Prolongs the lease of a session.
    func renew(_ renewal: SessionRenewal, backend: String, key: String) async throws(ControlProblem) -> SessionGrant

    /// Keeps everything from a session for a while. When it returns, no call is in flight on it.
    func suspend(
        _ suspension: SessionSuspension,
        backend: String,
        key: String
    ) async throws(ControlProblem) -> SessionGrant

    /// Releases a session. When it returns, no call on it is in flight or will be sent by this run of the agent.
    func release(backend: String, key: String) async throws(ControlProblem) -> ReleaseReport

    func session(backend: String, key: String) async throws(ControlProblem) -> SessionView
    func sessions(_ query: SessionQuery) async throws(ControlProblem) -> SessionPage
    func backends() async -> [BackendView]
    func status() async -> StatusView

    /// Events of these kinds from now on, and before that those after `lastEventID` where that is known.
    func events(of kinds: Set<AgentEvent.Kind>, after lastEventID: String?) async -> EventSubscription

    /// Makes a disabled backend's probe now, or a keepalive on one session of an enabled one, and tells what came of it.
    func probe(backend: String) async throws(ControlProblem) -> ProbeReport
    func enable(backend: String) async throws(ControlProblem) -> BackendView
    func disable(backend: String, _ hold: BackendHold) async throws(ControlProblem) -> BackendView

    /// Reads the configuration file again.
    func reload() async throws(ControlProblem) -> ReloadReport
}
