// SPDX-License-Identifier: Apache-2.0

/// How the keepalive of one session is doing, for people who ask.
package struct SessionStatus: Sendable, Hashable {
    /// What the session is doing about its keepalive.
    package enum Activity: Sendable, Hashable {
        /// Nothing is to happen by itself: keepalive is switched off, or whoever holds its lock is waited for.
        case none
        /// A call or an initialization is under way.
        case busy
        /// It is due at this time.
        case due(Tick)
        /// It is due, and waits for a token or a slot of its backend.
        case waiting
        /// It is due, and its backend is disabled or paused.
        case parked
    }

    package var backend: BackendIndex
    package var origin: SessionOrigin
    /// How far the session is: to be initialized, live or not applicable.
    package var state: SessionRecord.State
    package var activity: Activity
    /// Whether its credential was refused.
    package var isPaused: Bool
    /// Whether its exclusive lock is held or waited for.
    package var isLocked: Bool
    /// The start of the last request on it that is known.
    package var lastActivity: Tick
    /// The end of its last keepalive that succeeded.
    package var lastSuccess: Tick?
}
