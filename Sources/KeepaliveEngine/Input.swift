// SPDX-License-Identifier: Apache-2.0

/// Everything that the engine can be told.
package enum Input: Sendable, Hashable {
    /// Time passed.
    case tick
    /// A call ended.
    case finished(Attempt, Outcome)
    /// The answer to `Action.refreshCredential`: whether the credential is another one now.
    case credentialRefreshed(SessionHandle, changed: Bool)
    /// The credential or the entry of a session changed by itself: a paused session goes on.
    case credentialChanged(SessionHandle)
    /// The answer to `Action.open`.
    case opened(SessionHandle, OpeningResult)
    /// The session's owner sent a request on it at that time.
    case activity(SessionHandle, at: Tick)
    /// The session is no longer wanted: its entry left, its lease ended.
    case release(SessionHandle, ReleaseReason)
    /// Somebody wants the session for itself, to replace or close it; answered by `Action.granted`.
    case lock(SessionHandle, LockTicket)
    /// The holder of the session's exclusive lock is done with it.
    case unlock(SessionHandle, LockTicket, LockResult)
    /// Somebody disables a backend by hand, for good or until that time.
    case disable(BackendIndex, until: Tick?)
    /// Somebody enables a backend by hand, whatever disabled it.
    case enable(BackendIndex)
    /// Somebody wants the session called that `probeTarget` names.
    case probe(BackendIndex)
    /// The agent stops: nothing more is started, what is in flight is aborted.
    case shutdown
}
