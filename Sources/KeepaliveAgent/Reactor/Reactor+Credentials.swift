// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import Transfer

extension Reactor {
    /// Reads the credential of a session again and tells the engine whether it is another one now.
    ///
    /// - Parameter trace: the cycle that was refused; nil when it was an initialization.
    func refreshCredential(of handle: SessionHandle, for trace: CycleTrace?) {
        Task {
            let isChanged = await renewCredential(of: handle)
            feed(.credentialRefreshed(handle, changed: isChanged), of: trace)
        }
    }

    /// Reads the credentials that were refused again; sessions whose credential is another one now go on.
    package func retryRefusedCredentials() async {
        for handle in pausedSessions where await renewCredential(of: handle) {
            feed(.credentialChanged(handle))
        }
        executor.wake()
    }

    /// Resolves the headers of a session and of its backend again; true when what the session sends now differs from what
    /// was refused.
    private func renewCredential(of handle: SessionHandle) async -> Bool {
        guard let before = sessions[handle] else { return false }
        let backend = backends[Int(before.backend)]
        let shared = await resolveAgain(backend.ownHeaders)
        if shared != backend.ownHeaders { backend.replaceHeaders(shared) }
        let own = await resolveAgain(before.ownHeaders)
        // With another configuration meanwhile, its headers are newer.
        guard backend === backends[Int(before.backend)] else { return true }
        guard var session = sessions[handle] else { return false }
        // An entry that was replaced meanwhile has newer ones.
        if session.ownHeaders == before.ownHeaders { session.ownHeaders = own }
        session.headers = backend.headers(overriddenBy: session.ownHeaders)
        sessions[handle] = session
        // Another session of the backend may have found the new credential first.
        return sessions.hasUnsentHeaders(handle, of: backend)
    }

    private func resolveAgain(_ headers: [HeaderConfiguration]) async -> [HeaderConfiguration] {
        await headers.resolvedAgain(environment: environment, readFile: readFile)
    }
}
