// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Processor time of the calling process.
enum Stopwatch {
    /// Nanoseconds of processor time of one call of `body`: the median of some rounds, each of `repetitions` calls, after one
    /// that does not count.
    static func nanoseconds(rounds: Int, repetitions: Int, _ body: () throws -> Void) rethrows -> Double {
        try body()
        var times: [Double] = []
        for _ in 0..<rounds {
            let start = processorTime()
            for _ in 0..<repetitions { try body() }
            times.append(Double(processorTime() - start) / Double(repetitions))
        }
        return times.sorted()[times.count / 2]
    }

    private static func processorTime() -> UInt64 {
        var time = timespec()
        let result = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        precondition(result == 0, "the process has a clock")
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
