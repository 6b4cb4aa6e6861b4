// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
package import KeepaliveEngine

extension Reactor {
    /// Why a session could not be replaced.
    package enum ReinitializeError: Error, Sendable, Hashable {
        /// The session is gone, or never was.
        case noSession
        /// Only owned sessions may be initialized by the agent.
        case notOwned
        /// The backend did not open another one; the session is what it was.
        case failed(FailureReason?)
    }

    /// Replaces an owned session by a new one.
    ///
    /// When it returns, no call with the old session id is in flight or will be sent.
    package func reinitialize(_ handle: SessionHandle) async throws(ReinitializeError) {
        guard let origin = sessions.origin(of: handle) else { throw .noSession }
        guard origin == .owned else { throw .notOwned }
        guard let ticket = await lock(handle) else { throw .noSession }
        guard let old = sessions[handle] else { throw .noSession }
        let client = clients[Int(old.backend)]
        let opening = await client.open()
        guard takeOver(opening, for: handle) else {
            feed(.unlock(handle, ticket, .unchanged))
            throw .failed(opening.exchange.outcome.reason)
        }
        await client.close(old, within: client.backend.configuration.policy.timeout)
        feed(.unlock(handle, ticket, .replaced))
    }

    /// Ends a session: an owned one is DELETEd, an attached one only forgotten.
    ///
    /// When it returns, no call on it is in flight or will be sent.
    package func close(_ handle: SessionHandle, because reason: ReleaseReason = .deleted) async {
        guard let ticket = await lock(handle) else { return }
        if let session = sessions[handle], session.origin == .owned { await close(handle, on: session.backend) }
        feed(.unlock(handle, ticket, .closed(reason)))
    }

    /// Waits for the exclusive lock of a session; nil when the session is gone by then.
    package func lock(_ handle: SessionHandle) async -> LockTicket? {
        guard let backend = sessions[handle]?.backend else { return nil }
        lastTicket += 1
        let ticket = LockTicket(rawValue: lastTicket)
        let since = clock.now()
        let isGranted = await withCheckedContinuation { continuation in
            lockWaiters[ticket] = continuation
            feed(.lock(handle, ticket))
        }
        recording.recordLockWait(clock.now() - since, on: backend)
        return isGranted ? ticket : nil
    }

    /// Carries out the engine's answer to a request for a lock.
    func grant(_ handle: SessionHandle, _ ticket: LockTicket, _ isGranted: Bool) {
        guard let waiter = lockWaiters.removeValue(forKey: ticket) else {
            preconditionFailure("a lock is granted once, to somebody who waits for it")
        }
        waiter.resume(returning: isGranted)
    }
}
