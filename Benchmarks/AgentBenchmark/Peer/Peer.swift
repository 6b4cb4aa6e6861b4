// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The fixed other side of every measurement: one thread in one loop around poll(2), on loopback addresses with one port.
///
/// Its processor time is nobody's; it only has to be the same for all.
struct Peer {
    private let listeners: [Int32]
    private var answer: PeerAnswer
    /// The standard input, the listeners and the connections, in this order.
    private var polled: [pollfd]
    private var connections: [PeerConnection] = []

    /// The URL of the first address.
    let url: String

    /// Listens on a free port of as many loopback addresses as there are backends.
    init(_ options: LoadOptions) throws(BenchmarkError) {
        var (listeners, port): ([Int32], UInt16) = ([], 0)
        for index in 0..<options.backends {
            let listener = try Self.listen(to: Self.address(index), port: &port)
            listeners.append(listener)
        }
        self.listeners = listeners
        url = "http://127.0.0.1:\(port)"
        answer = PeerAnswer(inStreams: options.answersInStreams, sessions: options.sessions)
        polled = ([STDIN_FILENO] + listeners).map(Self.entry)
    }

    /// The loopback address of a backend.
    static func address(_ index: Int) -> String {
        "127.0.\(index / 250).\(index % 250 + 1)"
    }

    private static func listen(to address: String, port: inout UInt16) throws(BenchmarkError) -> Int32 {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw .system("socket") }
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = port.bigEndian
        guard unsafe inet_pton(AF_INET, address, &place.sin_addr) == 1 else { throw .system("inet_pton") }
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &place) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(listener, pointer, length) == 0 && Glibc.listen(listener, 1024) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard isBound else { throw .system("bind") }
        port = UInt16(bigEndian: place.sin_port)
        return listener
    }

    /// Serves until its standard input ends, so that it never outlives whoever started it; returns what it saw.
    mutating func serve() throws(BenchmarkError) -> PeerAnswer.Census {
        let fixedCount = 1 + listeners.count
        while true {
            let count = unsafe poll(&polled, nfds_t(polled.count), -1)
            guard count >= 0 || errno == EINTR else { throw .system("poll") }
            if polled[0].revents != 0 { return answer.census }
            for index in connections.indices.reversed() where polled[index + fixedCount].revents != 0 {
                if connections[index].advance(&answer) { continue }
                connections.remove(at: index)
                polled.remove(at: index + fixedCount)
            }
            for index in listeners.indices where polled[index + 1].revents != 0 { try accept(listeners[index]) }
        }
    }

    private mutating func accept(_ listener: Int32) throws(BenchmarkError) {
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
