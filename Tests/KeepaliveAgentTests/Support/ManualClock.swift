// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveEngine
import Synchronization

/// A clock that stands still until it is moved.
final class ManualClock: Sendable {
    /// The wall clock at the start, in nanoseconds since 1970.
    static let unixStart: UInt64 = 1_800_000_000_000_000_000

    private static let start: Int64 = 1_000_000
    private let milliseconds = Atomic<Int64>(start)

    /// What the agent reads.
    var agentClock: AgentClock {
        AgentClock(
            now: { [self] in now },
            unixNanoseconds: { [self] in
                Self.unixStart + UInt64(now.milliseconds - Self.start) * 1_000_000
            }
        )
    }

    var now: Tick { Tick(milliseconds: milliseconds.load(ordering: .sequentiallyConsistent)) }

    /// Whole seconds since 1970.
    var unixSeconds: Int64 { Int64(agentClock.unixNanoseconds() / 1_000_000_000) }

    func advance(by duration: Duration) {
        milliseconds.wrappingAdd(duration.wholeMilliseconds, ordering: .sequentiallyConsistent)
    }
}
