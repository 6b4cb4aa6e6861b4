// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration
package import KeepaliveEngine
import MCPWire
import Transfer

extension Reactor {
    /// Starts to keep somebody else's session alive.
    package func attach(_ session: AttachedSession, to backend: BackendIndex) -> SessionHandle {
        attach(context(of: session, on: backend))
    }

    /// Starts to keep several sessions of others alive; returns their handles in the same order.
    package func attach(_ sessions: [(AttachedSession, BackendIndex)]) -> [SessionHandle] {
        sessions.map { attach($0, to: $1) }
    }

    /// Takes over an entry that changed: other credentials, another protocol version.
    package func update(_ handle: SessionHandle, to session: AttachedSession) {
        guard var context = sessions[handle] else { return }
        context.protocolVersion = session.protocolVersion.map(ProtocolVersion.init(rawValue:))
        context.ownHeaders = session.headers
        context.headers = backends[Int(context.backend)].headers(overriddenBy: session.headers)
        sessions[handle] = context
        feed(.credentialChanged(handle))
        executor.wake()
    }

    /// Takes over several entries that changed.
    package func update(_ sessions: [(SessionHandle, AttachedSession)]) {
        for (handle, session) in sessions { update(handle, to: session) }
    }

    /// Stops keeping a session alive; nothing is sent to the backend.
    package func release(_ handle: SessionHandle, because reason: ReleaseReason = .unlisted) {
        feed(.release(handle, reason))
        executor.wake()
    }

    /// Stops keeping several sessions alive.
    package func release(_ handles: [SessionHandle], because reason: ReleaseReason = .unlisted) {
        for handle in handles { release(handle, because: reason) }
    }

    /// Notes that the session's owner sent a request on it, which keeps it alive as well as a keepalive does.
    package func noteActivity(on handle: SessionHandle, at time: Tick? = nil) {
        feed(.activity(handle, at: time ?? clock.now()))
    }
}
