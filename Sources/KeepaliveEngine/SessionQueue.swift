// SPDX-License-Identifier: Apache-2.0

/// A first-in first-out queue of sessions, linked through their records, so that queueing never allocates.
package struct SessionQueue: Sendable {
    /// The first session, or -1.
    package private(set) var head: Int32 = -1
    private var tail: Int32 = -1
    package private(set) var count = 0

    package init() {}

    package var isEmpty: Bool { head < 0 }

    /// Adds the session at `index`, which must not be in any queue.
    package mutating func append(_ index: Int, in sessions: inout SessionTable) {
        sessions.records[index].next = -1
        sessions.records[index].previous = tail
        if tail >= 0 {
            sessions.records[Int(tail)].next = Int32(index)
        } else {
            head = Int32(index)
        }
        tail = Int32(index)
        count += 1
    }

    /// Takes out the session at `index`, which must be in this queue.
    package mutating func remove(_ index: Int, in sessions: inout SessionTable) {
        let next = sessions.records[index].next
        let previous = sessions.records[index].previous
        if previous >= 0 { sessions.records[Int(previous)].next = next } else { head = next }
        if next >= 0 { sessions.records[Int(next)].previous = previous } else { tail = previous }
        sessions.records[index].next = -1
        sessions.records[index].previous = -1
        count -= 1
    }

    /// Takes out the session that waits longest.
    package mutating func popFirst(in sessions: inout SessionTable) -> Int? {
        guard head >= 0 else { return nil }
        let index = Int(head)
        remove(index, in: &sessions)
        return index
    }
}
