// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Lets the threads of peers wait until a test says that they may go on.
package final class Gate: Sendable {
    private let signal: Int32
    private let trigger: Int32

    /// A closed gate.
    /// - Throws: when no pipe can be had.
    package init() throws(TCPPeerError) {
        (signal, trigger) = try TCPPeerSocket.makePipe()
    }

    deinit {
        close(signal)
        close(trigger)
    }

    /// Lets all pass, those that wait and those that come later.
    package func open() { TCPPeerSocket.signal(trigger) }

    /// Blocks the thread until the gate is open: for scripts of a `TCPPeer`, not for tasks.
    package func pass() {
        var entry = pollfd(fd: signal, events: Int16(POLLIN), revents: 0)
        while entry.revents == 0 { _ = unsafe poll(&entry, 1, -1) }
    }
}
