// SPDX-License-Identifier: Apache-2.0

/// Why a due session was not called.
package enum SkipReason: String, Sendable, Hashable, CaseIterable {
    /// Its owner's traffic keeps it alive.
    case recentActivity = "recent_activity"
    /// A re-initialize or close holds the session, or waits for it.
    case lockHeld = "lock_held"
    /// The backend's rate or in-flight cap was reached; the session is called as soon as there is room.
    case rateLimited = "rate_limited"
}
