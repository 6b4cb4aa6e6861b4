// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A loopback port that is taken but on which nobody listens, so that connections are refused for certain.
package struct RefusingPort: ~Copyable {
    /// The port.
    package let port: UInt16

    private let descriptor: Int32

    /// Takes a free port.
    /// - Throws: when no socket can be had.
    package init() throws(TCPPeerError) {
        (descriptor, port) = try TCPPeerSocket.takePort()
    }

    deinit {
        close(descriptor)
    }
}
