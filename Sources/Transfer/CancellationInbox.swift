// SPDX-License-Identifier: Apache-2.0

import Locking
import Synchronization

/// Where canceled tasks, on whatever thread, leave word that their request is to be aborted.
final class CancellationInbox: Sendable {
    private let waiting = Locked<[UInt64]>([])
    private let hasWaiting = Atomic<Bool>(false)

    func add(_ id: UInt64) {
        waiting.withLock { $0.append(id) }
        hasWaiting.store(true, ordering: .releasing)
    }

    /// Everything since the last call; costs one load when there is nothing.
    func takeAll() -> [UInt64] {
        guard hasWaiting.exchange(false, ordering: .acquiring) else { return [] }
        return waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
