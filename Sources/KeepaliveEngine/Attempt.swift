// SPDX-License-Identifier: Apache-2.0

/// One call that is to be made, or is in flight, for a keepalive.
package struct Attempt: Sendable, Hashable {
    /// Why the cycle runs that the call belongs to.
    package enum Purpose: String, Sendable, Hashable {
        /// The session was due.
        case scheduled
        /// The one call that finds out whether a disabled backend works again.
        case probe
        /// The second question after an answer that left it open whether the session is lost.
        case recheck
    }

    package var session: SessionHandle
    package var backend: BackendIndex
    package var method: CallMethod
    package var purpose: Purpose
    /// Names the cycle: dense, and free for another cycle as soon as `Event.cycleEnded` was emitted for it.
    package var cycle: Int32
    /// Position in its cycle, from 0; the second call of a cycle is a fallback or the repeat with a re-read credential.
    package var number: Int32
    /// When the session became due.
    package var due: Tick
    /// The absolute deadline of the call, counted from its start.
    package var timeout: Duration

    package init(
        session: SessionHandle,
        backend: BackendIndex,
        method: CallMethod,
        purpose: Purpose,
        cycle: Int32,
        number: Int32,
        due: Tick,
        timeout: Duration
    ) {
        self.session = session
        self.backend = backend
        self.method = method
        self.purpose = purpose
        self.cycle = cycle
        self.number = number
        self.due = due
        self.timeout = timeout
    }
}
