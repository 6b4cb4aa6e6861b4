// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What this process has used so far.
struct ProcessUsage {
    /// Processor time, user and system, of all threads, in microseconds.
    let processorTime: UInt64
    /// The monotonic clock.
    let instant: ContinuousClock.Instant

    /// The usage at this moment.
    static func now() -> ProcessUsage {
        var usage = rusage()
        let result = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        precondition(result == 0, "getrusage knows the process itself")
        return ProcessUsage(processorTime: usage.processorTime, instant: .now)
    }

    /// The most bytes of memory that were ever resident.
    static func peakBytes() -> Int {
        var usage = rusage()
        let result = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        precondition(result == 0, "getrusage knows the process itself")
        return Int(usage.ru_maxrss) * 1024
    }

    /// Bytes of memory that are resident.
    static func residentBytes() throws(BenchmarkError) -> Int {
        let descriptor = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open") }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = unsafe read(descriptor, &buffer, buffer.count)
        // proc(5): size resident shared text lib data dt, in pages.
        let words = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
        guard words.count > 1, let pages = Int(words[1]) else { throw BenchmarkError("/proc/self/statm is unreadable") }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}

extension rusage {
    /// User and system time in microseconds.
    var processorTime: UInt64 {
        let seconds = UInt64(ru_utime.tv_sec) + UInt64(ru_stime.tv_sec)
        return seconds * 1_000_000 + UInt64(ru_utime.tv_usec) + UInt64(ru_stime.tv_usec)
    }
}
