// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration
package import KeepaliveEngine
import MCPWire
import Transfer

extension Reactor {
    /// The index of a backend; nil when there is none of this name.
    package func backendIndex(named name: String) -> BackendIndex? {
        indices[name]
    }

    /// For how long sessions of a backend may be idle and live; nil when there is none of this name.
    package func leasePolicy(of name: String) -> (maxIdle: Duration?, maxLifetime: Duration?)? {
        leasePolicies()[name]
    }

    /// The same for all backends, by name.
    func leasePolicies() -> [String: (maxIdle: Duration?, maxLifetime: Duration?)] {
        indices.mapValues { index in
            let configuration = backends[Int(index)].configuration
            return (configuration.maxIdle, configuration.maxLifetime)
        }
    }

    /// Starts to keep somebody's session alive that its owner used at that time; nil when its backend is not configured.
    ///
    /// The name decides, and not an index that was found before: by now that may be another backend's, which must never
    /// see the session's id.
    package func attach(_ session: AttachedSession, lastUse: Tick) -> SessionHandle? {
        indices[session.backend].map { attach(context(of: session, on: $0), lastUse: lastUse) }
    }

    /// Goes on to keep sessions alive that were registered before the agent was started; `endRestoring` lets them have
    /// their turns. Nil for those whose backend is not configured any more.
    package func restore(_ sessions: [(AttachedSession, SessionHistory)]) -> [SessionHandle?] {
        sessions.map { session, history in
            indices[session.backend].map { restore(context(of: session, on: $0), history) }
        }
    }

    /// Takes over what is known of a backend from before; nothing when it is not configured any more. Of another server, or
    /// another call, nothing but an operator's wish is of interest.
    func restore(_ history: BackendHistory, of name: String, signature: String?) {
        guard let index = indices[name] else { return }
        var history = history
        if signature != backends[Int(index)].configuration.signature {
            history = BackendHistory(hold: history.hold)
        }
        engine.restore(history, of: index, at: clock.now())
    }

    /// All is restored that is to be.
    package func endRestoring() {
        endRestoringEngine()
        executor.wake()
    }

    /// Replaces the id of a session whose lock is held; afterwards it is not held any more.
    package func replace(_ handle: SessionHandle, _ ticket: LockTicket, with session: AttachedSession) {
        guard let backend = sessions[handle]?.backend else { return }
        sessions[handle] = context(of: session, on: backend)
        unlock(handle, ticket, .replaced)
    }

    /// Gives the lock of a session back.
    package func unlock(_ handle: SessionHandle, _ ticket: LockTicket, _ result: LockResult) {
        feed(.unlock(handle, ticket, result))
        executor.wake()
    }

    /// How the keepalive of every backend is doing, by name, and which server and call that is about.
    func backendStatuses() -> [(name: String, signature: String, status: BackendStatus)] {
        indices.sorted { $0.key < $1.key }.map { name, index in
            (name, backends[Int(index)].configuration.signature, engine.status(of: index))
        }
    }

    /// What is known of sessions, in the same order; nil for those that are over.
    package func histories(of handles: [SessionHandle]) -> [SessionHistory?] {
        handles.map { handle in
            engine.status(of: handle).map { SessionHistory(lastActivity: $0.lastActivity, lastSuccess: $0.lastSuccess) }
        }
    }

    /// What can be shown of a session; nil when it is over.
    package func facts(of handle: SessionHandle) -> SessionFacts? {
        engine.status(of: handle).map { status in
            SessionFacts(
                handle: handle,
                backend: backends[Int(status.backend)].configuration.name,
                status: status,
                isHeldBack: engine.status(of: status.backend).isHeldBack,
                name: sessions.name(of: handle),
                protocolVersion: sessions.protocolVersion(of: handle)?.told
            )
        }
    }

    /// The ids of sessions, which are credentials, in the same order; for nothing but the state on disk.
    package func identifiers(of handles: [SessionHandle]) -> [[UInt8]] {
        handles.map { sessions[$0]?.identifier ?? [] }
    }

    func context(of session: AttachedSession, on backend: BackendIndex) -> SessionContext {
        var context = SessionContext(origin: .attached, backend: backend)
        context.identifier = session.sessionID.reveal { Array($0.utf8) }
        context.protocolVersion = session.protocolVersion.map(ProtocolVersion.init(rawValue:))
        context.ownHeaders = session.headers
        context.headers = backends[Int(backend)].headers(overriddenBy: session.headers)
        return context
    }
}
