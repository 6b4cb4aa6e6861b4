// SPDX-License-Identifier: Apache-2.0

/// What the engine does about a failure, besides counting it.
package enum Reaction: String, Sendable, Hashable {
    case none
    /// The backend does not know the method: go over to the fallback tool, or disable.
    case latchMethod
    /// Read the credential again; retry once when it changed, else pause the session.
    case refreshCredential
    /// The session is gone: stop, report, re-initialize when owned.
    case stopSession
    /// Nothing is known for sure: ask once more after min(5 s, interval), and believe the second answer.
    case recheckSession
    /// Pause the session until its credential or its entry changes.
    case pauseSession
    /// Pause the whole backend, for `Outcome.retryAfter` or one interval.
    case pauseBackend
    /// Pause the whole backend only when it said for how long.
    case pauseBackendIfTold
    /// Find out anew which era of the protocol the backend speaks.
    case redetectEra
    /// The local machine is short of something: send less.
    case shedLoad
}
