// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The fixed other side of every measurement: one thread in one loop around poll(2), on a loopback port of its own.
///
/// Its processor time is nobody's; it only has to be the same for all.
struct Peer {
    private let listener: Int32
    /// The standard input, the listener and the connections, in this order.
    private var polled: [pollfd]
    private var connections: [PeerConnection] = []

    /// The port that it listens on.
    let port: UInt16

    private static let fixedCount = 2

    /// Listens on a free port of 127.0.0.1.
    init() throws(BenchmarkError) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw .system("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(listener, pointer, length) == 0 && listen(listener, 1024) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard isBound else { throw .system("bind") }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        polled = [Self.entry(STDIN_FILENO), Self.entry(listener)]
    }

    /// Serves until its standard input ends, so that it never outlives whoever started it.
    mutating func serve() throws(BenchmarkError) {
        while true {
            let count = unsafe poll(&polled, nfds_t(polled.count), -1)
            guard count >= 0 || errno == EINTR else { throw .system("poll") }
            if polled[0].revents != 0 { return }
            for index in connections.indices.reversed() where polled[index + Self.fixedCount].revents != 0 {
                if connections[index].advance() { continue }
                connections.remove(at: index)
                polled.remove(at: index + Self.fixedCount)
            }
            if polled[1].revents != 0 { try accept() }
        }
    }

    private mutating func accept() throws(BenchmarkError) {
        let descriptor = Glibc.accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        guard fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else { throw .system("fcntl") }
        var noDelay: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, size) == 0 else {
            throw .system("setsockopt")
        }
        connections.append(PeerConnection(descriptor))
        polled.append(Self.entry(descriptor))
    }

    private static func entry(_ descriptor: Int32) -> pollfd {
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    }
}
