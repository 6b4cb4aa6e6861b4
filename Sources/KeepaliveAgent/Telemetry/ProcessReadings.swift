// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What the kernel tells of this process. What cannot be read is nil: a metric without a point is better than a wrong one.
package enum ProcessReadings {
    /// Processor time in seconds, spent in the program and in the kernel on its behalf.
    package static func processorTime() -> (user: Double, system: Double)? {
        var usage = rusage()
        guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return nil }
        return (seconds(usage.ru_utime), seconds(usage.ru_stime))
    }

    /// Physical memory in bytes.
    package static func residentBytes() -> Int64? {
        // proc(5), /proc/pid/statm: the second number counts resident pages.
        guard let fields = read("/proc/self/statm")?.split(separator: " "), fields.count > 1,
            let pages = Int64(fields[1])
        else { return nil }
        return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// How many file descriptors are open.
    package static func openDescriptors() -> Int64? {
        guard let directory = unsafe opendir("/proc/self/fd") else { return nil }
        defer { unsafe closedir(directory) }
        var count: Int64 = 0
        while let entry = unsafe readdir(directory) {
            // "." and ".." are no descriptors.
            if unsafe entry.pointee.d_name.0 != 0x2E { count += 1 }
        }
        // The one that the folder is read by does not count.
        return count - 1
    }

    /// Seconds since the process was started.
    package static func uptime() -> Double? {
        // proc(5), /proc/pid/stat: the name in parentheses may hold anything; starttime is the 22nd field, in clock ticks.
        guard let stat = read("/proc/self/stat"), let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let ticks = Double(fields[19]) else { return nil }
        var now = timespec()
        guard unsafe clock_gettime(CLOCK_BOOTTIME, &now) == 0 else { return nil }
        let boot = Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
        return max(0, boot - ticks / Double(sysconf(Int32(_SC_CLK_TCK))))
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }

    /// The beginning of a file of procfs.
    private static func read(_ path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}
