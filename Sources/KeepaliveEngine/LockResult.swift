// SPDX-License-Identifier: Apache-2.0

/// What the holder of the exclusive lock did with the session.
package enum LockResult: Sendable, Hashable {
    /// Nothing, or the attempt failed: the session is what it was.
    case unchanged
    /// The session has a new id, and counts as used just now.
    case replaced
    /// The session is gone: nothing is ever sent on it again.
    case closed(ReleaseReason)
}
