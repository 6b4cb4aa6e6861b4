// SPDX-License-Identifier: Apache-2.0

import Foundation
import OperatorConsole

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Reads the keys of a terminal on a thread of its own.
enum TerminalKeys {
    /// Calls `receive` with the keys of each read, and with nil when there will be no more.
    static func read(_ receive: @escaping @Sendable ([TopKey]?) -> Void) {
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 256)
            while true {
                let count = unsafe Glibc.read(STDIN_FILENO, &buffer, buffer.count)
                if count > 0 {
                    receive(TopKey.keys(in: Array(buffer[..<count])))
                } else if count == 0 || errno != EINTR {
                    return receive(nil)
                }
            }
        }
    }
}
