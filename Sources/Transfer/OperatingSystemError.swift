// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The words of the operating system for an `errno`.
package enum OperatingSystemError {
    /// The words for one, "error 5" where there are none.
    package static func text(_ number: Int32) -> String {
        // Unlike strerror, which has one buffer for all threads.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let text = buffer.baseAddress, unsafe strerror_r(number, text, buffer.count) == 0 else {
                return "error \(number)"
            }
            return unsafe String(cString: text)
        }
    }
}
