// SPDX-License-Identifier: Apache-2.0

/// All that the engine keeps of one session, besides its timer.
///
/// Kept small because there may be a million of them; its size is guarded by a test.
package struct SessionRecord: Sendable {
    /// How far the session is.
    package enum State: UInt8, Sendable {
        /// Owned, and to be initialized.
        case unopened
        /// Open: it is kept alive.
        case live
        /// Keepalive makes no sense on it.
        case notApplicable
    }

    /// Where the session waits for its next turn; in one place at a time.
    package enum Place: UInt8, Sendable {
        /// Nowhere: a call is in flight, or nothing is to happen.
        case nowhere
        /// In the timer wheel.
        case timer
        /// Due, in the backend's queue for a token or a slot.
        case waiting
        /// As `waiting`, before all others: overdue since an outage, or in the middle of a cycle.
        case urgent
        /// Due while its backend is disabled or paused.
        case parked
    }

    /// Facts that are either so or not.
    package struct Flags: OptionSet, Sendable {
        package let rawValue: UInt16

        package init(rawValue: UInt16) { self.rawValue = rawValue }

        /// The agent initialized the session or is to.
        static let owned = Flags(rawValue: 1 << 0)
        /// Its credential was refused.
        static let paused = Flags(rawValue: 1 << 1)
        /// It was paused at some time since its last proof of life.
        static let wasPaused = Flags(rawValue: 1 << 2)
        /// Its owner used it since its timer was armed.
        static let touched = Flags(rawValue: 1 << 3)
        /// It is part of the backlog of an outage.
        static let backlog = Flags(rawValue: 1 << 4)
        /// Its next call asks whether it is really lost.
        static let recheck = Flags(rawValue: 1 << 5)
        /// It is to be retired as soon as its call ended.
        static let releasing = Flags(rawValue: 1 << 6)
        /// Its exclusive lock is held or waited for.
        static let locked = Flags(rawValue: 1 << 7)
        /// It became due, or lost its call, while it was locked.
        static let dueWhileLocked = Flags(rawValue: 1 << 8)
        /// Its last keepalive succeeded.
        static let lastSucceeded = Flags(rawValue: 1 << 9)
        /// Its last keepalive failed; neither is set before there was one.
        static let lastFailed = Flags(rawValue: 1 << 13)
        /// Its initialization is in flight.
        static let opening = Flags(rawValue: 1 << 10)
        /// Its credential is being read again because its initialization was refused.
        static let awaitingCredential = Flags(rawValue: 1 << 11)
        /// Its credential was read again since its last initialization that was not refused.
        static let credentialTried = Flags(rawValue: 1 << 12)
    }

    /// When its timer fires, or when it became due.
    package var due: Tick = .never
    /// The start of the last request on it that is known, its owner's included.
    package var lastActivity: Tick
    /// The end of its last keepalive that succeeded; before `Tick.zero` when there is none.
    package var lastSuccess = Tick(milliseconds: -1)
    package var generation: UInt32
    package var backend: BackendIndex
    /// Its cycle in `CycleTable`, or -1.
    package var cycle: Int32 = -1
    /// Its lock in `LockTable`, or -1.
    package var lock: Int32 = -1
    /// Neighbors in the queue that it waits in, or -1; `next` also links the free records of the table.
    package var next: Int32 = -1
    package var previous: Int32 = -1
    /// The interval that was drawn for it last, in milliseconds.
    package var span: UInt32 = 0
    package var flags: Flags = []
    package var state: State
    package var place: Place = .nowhere
    /// Why it is to be retired; meaningful while it is releasing.
    package var releaseReason = ReleaseReason.deleted
    /// How many initializations in a row failed or are due after a loss, up to 255.
    package var openings: UInt8 = 0

    package init(backend: BackendIndex, generation: UInt32, state: State, flags: Flags, at now: Tick) {
        self.backend = backend
        self.generation = generation
        self.state = state
        self.flags = flags
        lastActivity = now
    }

    /// Whether a call of it is in flight or half done.
    package var isInCycle: Bool { cycle >= 0 }

    /// Whether a call or an initialization of it is under way, so that nothing else may be started on it.
    package var isBusy: Bool { cycle >= 0 || flags.contains(.opening) || flags.contains(.awaitingCredential) }
}
