// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The wall clock.
public enum SystemTime {
    /// Nanoseconds since 1970.
    @Sendable
    public static func nanoseconds() -> UInt64 {
        var time = timespec()
        // Cannot fail: the clock exists and the pointer is valid.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
