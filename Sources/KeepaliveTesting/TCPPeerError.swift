// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A system call that a `TCPPeer` needs has failed.
package struct TCPPeerError: Error, CustomStringConvertible {
    /// The name of the call.
    package let call: String
    /// The `errno`.
    package let code: Int32

    init(call: String) {
        self.call = call
        code = errno
    }

    package var description: String { "\(call) failed with errno \(code)" }
}
