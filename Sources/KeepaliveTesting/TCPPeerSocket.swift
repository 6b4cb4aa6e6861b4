// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One connection of a `TCPPeer`, whose waits all end when the peer is stopped.
struct TCPPeerSocket: ~Copyable {
    /// The other side has closed, in order or by a reset.
    private(set) var isClosedByPeer = false

    private let descriptor: Int32
    private let stopSignal: Int32
    private var received: [UInt8] = []

    init(_ descriptor: Int32, stopSignal: Int32) {
        self.descriptor = descriptor
        self.stopSignal = stopSignal
    }

    deinit {
        close(descriptor)
    }

    // MARK: Listening

    static func listen() throws(TCPPeerError) -> (descriptor: Int32, port: UInt16) {
        let (descriptor, port) = try takePort()
        guard Glibc.listen(descriptor, 1024) == 0 else {
            let error = TCPPeerError(call: "listen")
            close(descriptor)
            throw error
        }
        return (descriptor, port)
    }

    /// A Unix domain socket that listens; its path must be free.
    static func listen(at path: String) throws(TCPPeerError) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TCPPeerError(call: "socket") }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path) - 1
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8.prefix(room)) }
        let isListening = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isListening, Glibc.listen(descriptor, 1024) == 0 else {
            let error = TCPPeerError(call: "bind")
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// A socket on a free port of 127.0.0.1 that does not listen: connections to it are refused.
    static func takePort() throws(TCPPeerError) -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TCPPeerError(call: "socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard isBound else {
            let error = TCPPeerError(call: "bind")
            close(descriptor)
            throw error
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    static func accept(_ listener: Int32, orStop stopSignal: Int32) -> Int32? {
        while wait(for: Int16(POLLIN), on: listener, orStop: stopSignal, at: nil) == .ready {
            let descriptor = Glibc.accept(listener, nil, nil)
            if descriptor < 0 { continue }
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            return descriptor
        }
        return nil
    }

    // MARK: Reading

    /// The head of the next request without its last empty line, and the body; nil when there will be none.
    mutating func readRequest() -> (head: [UInt8], body: [UInt8])? {
        let separator = Array("\r\n\r\n".utf8)
        while true {
            if let end = received.firstRange(of: separator) {
                let head = Array(received[..<end.lowerBound])
                let length = Self.contentLength(head)
                while received.count < end.upperBound + length {
                    guard receiveMore() else { return nil }
                }
                let body = Array(received[end.upperBound..<end.upperBound + length])
                received.removeFirst(end.upperBound + length)
                return (head, body)
            }
            guard receiveMore() else { return nil }
        }
    }

    private static func contentLength(_ head: [UInt8]) -> Int {
        for line in String(decoding: head, as: UTF8.self).lowercased().split(separator: "\r\n") {
            if line.hasPrefix("content-length:") {
                return Int(line.dropFirst(15).drop { $0 == " " }) ?? 0
            }
        }
        return 0
    }

    private mutating func receiveMore() -> Bool {
        guard Self.wait(for: Int16(POLLIN), on: descriptor, orStop: stopSignal, at: nil) == .ready else { return false }
        let (count, bytes) = unsafe withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) { buffer in
            let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
            return unsafe (count, Array(buffer.prefix(max(0, count))))
        }
        if count <= 0 {
            isClosedByPeer = count == 0 || errno != EAGAIN
            return !isClosedByPeer
        }
        received += bytes
        return true
    }

    // MARK: Steps

    /// Does what the step says; false when the connection is over.
    mutating func perform(_ step: TCPPeerStep) -> Bool {
        switch step {
        case .bytes(let bytes):
            return send(bytes[...])
        case .drip(let bytes, let pause):
            for position in bytes.indices {
                guard rest(pause), send(bytes[position...position]) else { return false }
            }
            return true
        case .repeatForever(let bytes):
            while send(bytes[...]) {}
            return false
        case .hang:
            while receiveMore() {}
            return false
        case .close:
            shutdown(descriptor, Int32(SHUT_RDWR))
            return false
        case .reset:
            // Closing with unsent data discarded sends a reset.
            var linger = linger(l_onoff: 1, l_linger: 0)
            let size = socklen_t(MemoryLayout.size(ofValue: linger))
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, size)
            return false
        }
    }

    private mutating func send(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                guard Self.wait(for: Int16(POLLOUT), on: descriptor, orStop: stopSignal, at: nil) == .ready else {
                    return false
                }
            } else {
                isClosedByPeer = true
                return false
            }
        }
        return true
    }

    /// Lets time pass unless the other side closes or the peer is stopped.
    private mutating func rest(_ duration: Duration) -> Bool {
        let end = ContinuousClock.now + duration
        while true {
            switch Self.wait(for: Self.remoteClosed, on: descriptor, orStop: stopSignal, at: end) {
            case .overdue: return true
            case .stopped: return false
            case .ready:
                isClosedByPeer = true
                return false
            }
        }
    }

    // MARK: Waiting

    /// POLLRDHUP of Linux, which Glibc's module leaves out.
    private static let remoteClosed: Int16 = 0x2000

    /// A pipe of which the end for reading becomes readable by `signal`.
    static func makePipe() throws(TCPPeerError) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw TCPPeerError(call: "pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    static func signal(_ descriptor: Int32) {
        var byte: UInt8 = 1
        _ = unsafe write(descriptor, &byte, 1)
    }

    private enum Wakeup {
        case ready
        case stopped
        case overdue
    }

    private static func wait(
        for events: Int16,
        on descriptor: Int32,
        orStop stopSignal: Int32,
        at end: ContinuousClock.Instant?
    ) -> Wakeup {
        while true {
            var timeout: Int32 = -1
            if let end {
                let left = ContinuousClock.now.duration(to: end)
                if left <= .zero { return .overdue }
                timeout = Int32(left / .milliseconds(1)) + 1
            }
            var entries = [
                pollfd(fd: descriptor, events: events, revents: 0),
                pollfd(fd: stopSignal, events: Int16(POLLIN), revents: 0),
            ]
            _ = unsafe poll(&entries, nfds_t(entries.count), timeout)
            if entries[1].revents != 0 { return .stopped }
            if entries[0].revents != 0 { return .ready }
        }
    }
}
