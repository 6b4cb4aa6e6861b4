// SPDX-License-Identifier: Apache-2.0

/// One keepalive that is under way: the call that was made last, and what is remembered until the cycle ends.
struct Cycle: Sendable {
    enum Phase: UInt8, Sendable {
        /// The call is in flight.
        case inFlight
        /// The call was to be given up; its end is awaited.
        case aborting
        /// The call was refused, and the credential is being read again.
        case awaitingCredential
        /// The next call waits for a token or a slot.
        case awaitingRoom
    }

    /// The call that was made last; with `awaitingRoom` still the one before.
    var attempt: Attempt
    /// The session's last activity before the cycle.
    var gapStart: Tick
    /// When the last call started.
    var started: Tick
    /// What the last call came to; meaningful when nothing is in flight.
    var outcome: Outcome
    var phase: Phase = .inFlight
    /// Whether the credential was read again in this cycle.
    var isRefreshed = false
    /// Whether the cycle tries ping although the fallback tool is latched.
    var isPingRetry = false
    /// Why ping failed, when the cycle went over to the fallback tool.
    var fallbackReason: FailureReason?
    /// What the next call sends; meaningful with `awaitingRoom`.
    var nextMethod: CallMethod = .ping
}
