// SPDX-License-Identifier: Apache-2.0

import Glibc
import Locking

/// A server on a loopback port whose answers are scripted byte by byte, for faults that no proper server has.
///
/// Each connection is served by a thread of its own, so one that hangs takes nothing from the others.
package final class TCPPeer: Sendable {
    /// The port that it listens on.
    package let port: UInt16

    private let listener: Int32
    /// Becomes readable for good when the peer is stopped.
    private let stopSignal: Int32
    /// Writing here makes it so.
    private let stopTrigger: Int32
    private let state: Locked<TCPPeerState>
    private let script: @Sendable (TCPPeerRequest) -> [TCPPeerStep]

    /// Starts to listen on 127.0.0.1, or on a Unix domain socket.
    /// - Parameters:
    ///   - socketPath: where the socket is made, in place of a port, which is 0 then.
    ///   - script: asked for what to do after each request; runs on the thread of the connection.
    /// - Throws: when no socket or thread can be had.
    package init(
        socketPath: String? = nil,
        _ script: @escaping @Sendable (TCPPeerRequest) -> [TCPPeerStep]
    ) throws(TCPPeerError) {
        self.script = script
        (stopSignal, stopTrigger) = try TCPPeerSocket.makePipe()
        if let socketPath {
            (listener, port) = (try TCPPeerSocket.listen(at: socketPath), 0)
        } else {
            (listener, port) = try TCPPeerSocket.listen()
        }
        state = Locked(TCPPeerState())
        state.withLock { $0.threads = 1 }
        guard TCPPeerThread.run({ [self] in acceptConnections() }) else { throw TCPPeerError(call: "pthread_create") }
    }

    deinit {
        close(listener)
        close(stopSignal)
        close(stopTrigger)
    }

    /// The URL of a path on this peer.
    package func url(_ path: String = "/mcp") -> String { "http://127.0.0.1:\(port)\(path)" }

    /// How many connections were accepted.
    package var connectionCount: Int { state.withLock { $0.connectionCount } }

    /// How many connections were closed by the other side.
    package var disconnectionCount: Int { state.withLock { $0.disconnectionCount } }

    /// How many requests were read.
    package var requestCount: Int { state.withLock { $0.requests.count } }

    /// The requests that were read, in order.
    package var requests: [TCPPeerRequest] { state.withLock { $0.requests } }

    /// Waits until at least this many requests have been read, or the task is canceled.
    package func waitForRequests(_ count: Int) async {
        await wait { $0.requests.count >= count }
    }

    /// Waits until the other side has closed at least this many connections, or the task is canceled.
    package func waitForDisconnections(_ count: Int) async {
        await wait { $0.disconnectionCount >= count }
    }

    /// Closes all connections, ends all threads and waits for them, unless the task is canceled.
    package func stop() async {
        TCPPeerSocket.signal(stopTrigger)
        await wait { $0.threads == 0 }
    }

    private func wait(until condition: @escaping @Sendable (borrowing TCPPeerState) -> Bool) async {
        let id = state.withLock { $0.nextWaiterID() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { $0.wait(id, until: condition, continuation) }
            }
        } onCancel: {
            state.withLock { $0.cancel(id) }
        }
    }

    private func acceptConnections() {
        defer { state.withLock { $0.change { $0.threads -= 1 } } }
        while let descriptor = TCPPeerSocket.accept(listener, orStop: stopSignal) {
            let number = state.withLock { state in
                state.change { state in
                    state.threads += 1
                    state.connectionCount += 1
                }
                return state.connectionCount
            }
            let isRunning = TCPPeerThread.run { [self] in
                serve(TCPPeerSocket(descriptor, stopSignal: stopSignal), number)
                state.withLock { $0.change { $0.threads -= 1 } }
            }
            if !isRunning {
                close(descriptor)
                state.withLock { $0.change { $0.threads -= 1 } }
            }
        }
    }

    private func serve(_ socket: consuming TCPPeerSocket, _ connection: Int) {
        var number = 0
        while true {
            guard let (head, body) = socket.readRequest() else { break }
            number += 1
            guard let request = TCPPeerRequest(connection: connection, number: number, head: head, body: body) else {
                return
            }
            state.withLock { $0.change { $0.requests.append(request) } }
            for step in script(request) {
                guard socket.perform(step) else {
                    if socket.isClosedByPeer { break }
                    return
                }
            }
            if socket.isClosedByPeer { break }
        }
        if socket.isClosedByPeer { state.withLock { $0.change { $0.disconnectionCount += 1 } } }
    }
}
