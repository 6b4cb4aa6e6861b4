// SPDX-License-Identifier: Apache-2.0

/// Names one request for the exclusive lock of a session.
package struct LockTicket: Sendable, Hashable {
    package var rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
