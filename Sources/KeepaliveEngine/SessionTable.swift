// SPDX-License-Identifier: Apache-2.0

/// The sessions of the engine: dense records that are used again, told apart by generation.
package struct SessionTable: Sendable {
    package private(set) var count = 0
    /// The records, free ones included: those have no live generation.
    package internal(set) var records: [SessionRecord] = []
    private var firstFree: Int32 = -1

    package init() {}

    /// Adds a session.
    package mutating func insert(
        backend: BackendIndex,
        state: SessionRecord.State,
        flags: SessionRecord.Flags,
        at now: Tick
    ) -> SessionHandle {
        count += 1
        guard firstFree >= 0 else {
            records.append(SessionRecord(backend: backend, generation: 1, state: state, flags: flags, at: now))
            return SessionHandle(index: Int32(records.count - 1), generation: 1)
        }
        let index = firstFree
        let old = records[Int(index)]
        firstFree = old.next
        // An even generation marks a free record.
        let generation = old.generation &+ 1
        records[Int(index)] = SessionRecord(
            backend: backend,
            generation: generation,
            state: state,
            flags: flags,
            at: now
        )
        return SessionHandle(index: index, generation: generation)
    }

    /// Takes the session at `index` out, which makes its handle stale.
    package mutating func remove(_ index: Int) {
        precondition(isLive(index), "a session is removed once")
        records[index].generation &+= 1
        records[index].next = firstFree
        firstFree = Int32(index)
        count -= 1
    }

    /// Where the session is, or nil when the handle is stale or was never given out.
    package func index(of handle: SessionHandle) -> Int? {
        let index = Int(handle.index)
        guard records.indices.contains(index), records[index].generation == handle.generation, isLive(index) else {
            return nil
        }
        return index
    }

    /// The handle of the session at `index`.
    package func handle(at index: Int) -> SessionHandle {
        SessionHandle(index: Int32(index), generation: records[index].generation)
    }

    /// Whether the record at `index` is in use.
    package func isLive(_ index: Int) -> Bool {
        records[index].generation & 1 == 1
    }
}
