// SPDX-License-Identifier: Apache-2.0

/// Where a session came from.
package enum SessionOrigin: String, Sendable, Hashable, CaseIterable {
    /// The agent initialized it: it may initialize it again and must DELETE it in the end.
    case owned
    /// Somebody else's: the agent only ever POSTs keepalives on it.
    case attached
}
