// SPDX-License-Identifier: Apache-2.0

/// Everything that the engine asks for; carried out in order.
package enum Action: Sendable, Hashable {
    /// Make this call now, and answer with `Input.finished`.
    case call(Attempt)
    /// Give this call up; it still ends with `Input.finished`, by `cancelled` unless it ended before.
    case abort(Attempt)
    /// Read the session's credential again and answer with `Input.credentialRefreshed`.
    case refreshCredential(SessionHandle)
    /// Initialize this owned session and answer with `Input.opened`.
    case open(SessionHandle, backend: BackendIndex)
    /// The exclusive lock is granted, or can never be because the session is gone.
    case granted(SessionHandle, LockTicket, Bool)
    /// Record this.
    case emit(Event)
    /// The handle is dead: whatever is kept for it can go.
    case retire(SessionHandle)
}
