// SPDX-License-Identifier: Apache-2.0

package import KeepaliveEngine

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The two clocks that the agent reads; a parameter, so that tests can hold and move time.
package struct AgentClock: Sendable {
    /// The monotonic clock that schedules run by; it goes on while the machine is suspended.
    package var now: @Sendable () -> Tick
    /// The wall clock that telemetry is stamped with, in nanoseconds since 1970.
    package var unixNanoseconds: @Sendable () -> UInt64

    package init(now: @escaping @Sendable () -> Tick, unixNanoseconds: @escaping @Sendable () -> UInt64) {
        self.now = now
        self.unixNanoseconds = unixNanoseconds
    }

    /// The clocks of this machine.
    ///
    /// A stepped wall clock moves no keepalive: only the boot clock is used for scheduling.
    package static let system = AgentClock(
        now: { Tick(milliseconds: Int64(read(CLOCK_BOOTTIME) / 1_000_000)) },
        unixNanoseconds: { read(CLOCK_REALTIME) }
    )

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        let result = unsafe clock_gettime(clock, &time)
        precondition(result == 0, "clock_gettime failed for a clock that every Linux has")
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
