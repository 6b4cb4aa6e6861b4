// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A server on a loopback port that speaks first: each connection is sent a text and closed. To TLS clients it is a
/// server without TLS.
package final class GreetingPeer: Sendable {
    /// The port that it listens on.
    package let port: UInt16

    private let stopTrigger: Int32

    /// Starts to listen on 127.0.0.1.
    /// - Throws: when no socket or thread can be had.
    package init(greeting: String) throws(TCPPeerError) {
        let (stopSignal, stopTrigger) = try TCPPeerSocket.makePipe()
        let (listener, port) = try TCPPeerSocket.listen()
        self.port = port
        self.stopTrigger = stopTrigger
        let isRunning = TCPPeerThread.run {
            while let descriptor = TCPPeerSocket.accept(listener, orStop: stopSignal) {
                var socket = TCPPeerSocket(descriptor, stopSignal: stopSignal)
                _ = socket.perform(.text(greeting))
                // Closing with unread bytes would reset the connection before the text arrives.
                shutdown(descriptor, Int32(SHUT_WR))
                _ = socket.perform(.hang)
            }
            close(listener)
            close(stopSignal)
        }
        guard isRunning else { throw TCPPeerError(call: "pthread_create") }
    }

    deinit {
        TCPPeerSocket.signal(stopTrigger)
        close(stopTrigger)
    }
}
