// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How many threads still work.
final class Countdown: Sendable {
    private let count: Atomic<Int>

    init(_ count: Int) {
        self.count = Atomic(count)
    }

    func finishOne() {
        count.subtract(1, ordering: .releasing)
    }

    /// Whether all are finished; what they did is visible then.
    var isOver: Bool {
        count.load(ordering: .acquiring) == 0
    }
}
