// SPDX-License-Identifier: Apache-2.0

/// The locks that are in use, found by the index that the session's record holds.
struct LockTable: Sendable {
    private(set) var locks: [SessionLock] = []
    private var free: [Int32] = []

    mutating func insert() -> Int32 {
        guard let index = free.popLast() else {
            locks.append(SessionLock())
            return Int32(locks.count - 1)
        }
        return index
    }

    mutating func remove(_ index: Int32) {
        locks[Int(index)] = SessionLock()
        free.append(index)
    }

    subscript(index: Int32) -> SessionLock {
        get { locks[Int(index)] }
        set { locks[Int(index)] = newValue }
    }
}
