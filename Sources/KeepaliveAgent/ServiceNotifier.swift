// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Tells a service manager such as systemd how the agent is: the protocol of sd_notify(3), a datagram for each message.
///
/// Without `NOTIFY_SOCKET` in the environment there is nobody to tell, and nothing is done.
package struct ServiceNotifier: Sendable {
    /// What it can be told.
    package enum Message: Sendable, Hashable {
        /// The agent is up.
        case ready(status: String)
        /// The agent reads its configuration again, since this time of CLOCK_MONOTONIC in microseconds; `ready` follows.
        case reloading(microseconds: UInt64)
        /// The agent is going to end.
        case stopping
        /// The agent is alive.
        case watchdog

        /// The datagram: assignments, a line each.
        var text: String {
            switch self {
            case .ready(let status):
                "READY=1\nSTATUS=\(status.split(whereSeparator: \.isNewline).joined(separator: " "))"
            // sd_notify(3): both in one datagram.
            case .reloading(let microseconds): "RELOADING=1\nMONOTONIC_USEC=\(microseconds)"
            case .stopping: "STOPPING=1"
            case .watchdog: "WATCHDOG=1"
            }
        }
    }

    private let socket: String?
    /// How long the service manager waits for a sign of life; nil when it does not.
    private let watchdogLimit: Duration?

    /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` (sd_notify(3), sd_watchdog_enabled(3)).
    package init(environment: [String: String], process: Int32 = getpid()) {
        socket = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
        // "WATCHDOG_PID: … if it is set, it must match the process".
        let isForUs = environment["WATCHDOG_PID"].map { $0 == "\(process)" } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdogLimit = socket != nil && isForUs && microseconds > 0 ? .microseconds(microseconds) : nil
    }

    /// Signs of life, "every half of the time" (sd_watchdog_enabled(3)); nil when nobody waits for any.
    package var watchdog: Watchdog? {
        guard let watchdogLimit else { return nil }
        return Watchdog(period: watchdogLimit / 2) { [self] in notify(.watchdog) }
    }

    /// Says that the agent reads its configuration again, from now on.
    package func notifyReloading() {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_MONOTONIC, &time) == 0 else { return }
        notify(.reloading(microseconds: UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000))
    }

    /// Sends a message. That nobody takes it is no reason to do anything else.
    @discardableResult
    package func notify(_ message: Message) -> Bool {
        guard let socket else { return false }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var path = Array(socket.utf8)
        let isAbstract = path[0] == UInt8(ascii: "@")
        if isAbstract { path[0] = 0 }
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.count < room else { return false }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in unsafe bytes.copyBytes(from: path) }
        // An abstract address ends with its last byte, a path with its zero (unix(7)).
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        let length = socklen_t(start + path.count + (isAbstract ? 0 : 1))
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = Glibc.socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let text = Array(message.text.utf8)
        let sent = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe sendto(descriptor, text, text.count, Int32(MSG_NOSIGNAL), pointer, length)
            }
        }
        return sent == text.count
    }
}
