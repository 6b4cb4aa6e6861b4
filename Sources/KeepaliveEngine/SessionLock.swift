// SPDX-License-Identifier: Apache-2.0

/// The lock of one session: keepalives share it, whoever replaces or closes the session holds it alone.
///
/// It exists only while somebody holds or wants it exclusively. User traffic shares it without telling the engine.
package struct SessionLock: Sendable {
    /// Who holds the lock alone.
    package private(set) var holder: LockTicket?
    /// Who wants to, first come first served.
    package private(set) var waiting: [LockTicket] = []

    package init() {}

    /// Whether nobody holds or wants it.
    package var isFree: Bool { holder == nil && waiting.isEmpty }

    /// Asks for the lock; true when it is granted at once, which it is not while it is shared or held.
    package mutating func acquire(_ ticket: LockTicket, isShared: Bool) -> Bool {
        guard holder != ticket, !waiting.contains(ticket) else { return false }
        guard !isShared, holder == nil, waiting.isEmpty else {
            waiting.append(ticket)
            return false
        }
        holder = ticket
        return true
    }

    /// Grants the lock to who waits longest, if it is not held; to be called when a shared hold ended, too.
    package mutating func grantNext() -> LockTicket? {
        guard holder == nil, !waiting.isEmpty else { return nil }
        holder = waiting.removeFirst()
        return holder
    }

    /// Gives the lock back, or the wish for it up; true when `ticket` was the holder.
    package mutating func release(_ ticket: LockTicket) -> Bool {
        guard holder == ticket else {
            waiting.removeAll { $0 == ticket }
            return false
        }
        holder = nil
        return true
    }
}
