// SPDX-License-Identifier: Apache-2.0

package import KeepaliveEngine
import Synchronization

/// When the loop last turned, for whoever must not wait for it to find out.
package final class Heartbeat: Sendable {
    private let milliseconds = Atomic<Int64>(.min)

    package init() {}

    /// When the loop last turned; nil before the first time.
    package var last: Tick? {
        let value = milliseconds.load(ordering: .relaxed)
        return value == .min ? nil : Tick(milliseconds: value)
    }

    /// The loop turns.
    func beat(at now: Tick) {
        milliseconds.store(now.milliseconds, ordering: .relaxed)
    }
}
