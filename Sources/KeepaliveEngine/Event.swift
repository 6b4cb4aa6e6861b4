// SPDX-License-Identifier: Apache-2.0

/// Everything that can happen, as the engine tells it: the only source of metrics, spans and log records.
package enum Event: Sendable, Hashable {
    // Calls and cycles

    /// A call ended; each is exactly one attempt, and either a success or a failure.
    case called(Attempt, Outcome)
    /// A cycle ended with `last` as its last call, or was cut short by a stop (`outcome.reason` is `cancelled`).
    case cycleEnded(last: Attempt, Outcome)
    /// A session was due and nothing was sent.
    case skipped(SessionHandle, backend: BackendIndex, SkipReason)

    // Backends

    /// The breaker opened, or a method that the backend lacks switched its keepalive off.
    case autoDisabled(backend: BackendIndex, reason: FailureReason, failures: Int, nextProbe: Tick)
    /// The one call of a disabled backend ended; `reenabled` follows when it showed that the backend works.
    case probed(backend: BackendIndex, succeeded: Bool, nextProbe: Tick?)
    case reenabled(backend: BackendIndex, ReenableReason, disabledFor: Duration)
    /// Somebody disabled the backend by hand, until that time or for good; `reenabled` follows when that ends.
    case operatorDisabled(backend: BackendIndex, until: Tick?)
    /// From now on the fallback tool is called instead of ping, because ping failed for `reason`.
    case fallbackSelected(backend: BackendIndex, reason: FailureReason)
    /// Ping works again and is used again.
    case pingSelected(backend: BackendIndex)
    /// The backend asked to be left alone until `until`.
    case backendPaused(backend: BackendIndex, reason: FailureReason, until: Tick)
    /// Keepalive makes no sense on this backend; this is a state, not a failure.
    case notApplicable(backend: BackendIndex, NotApplicableReason)
    /// A backend that was not applicable turned out to be.
    case applicable(backend: BackendIndex)
    /// The backend advertised an idle TTL that changed the effective interval.
    case ttlAdvertised(backend: BackendIndex, ttl: Duration, interval: Duration)

    // Sessions

    case sessionOpened(SessionHandle, backend: BackendIndex, SessionOrigin, interval: Duration)
    /// An owned session could not be initialized; the next try is at `retryAt`, nil while the backend is disabled.
    case openingFailed(SessionHandle, backend: BackendIndex, Outcome, retryAt: Tick?)
    /// `lastKeepaliveSucceeded` is nil when there had been no keepalive since the session was opened.
    case sessionLost(SessionHandle, backend: BackendIndex, LossReason, idleGap: Duration, lastKeepaliveSucceeded: Bool?)
    case sessionPaused(SessionHandle, backend: BackendIndex, reason: FailureReason, until: Tick)
    case sessionResumed(SessionHandle, backend: BackendIndex)
    /// The session is no longer wanted; nothing is sent to the backend for it.
    case sessionReleased(SessionHandle, backend: BackendIndex, ReleaseReason)
}
