// SPDX-License-Identifier: Apache-2.0

/// What changes in a session all the time and need not be on the disk at once. Times are milliseconds since 1970.
package struct StoredSuccess: Sendable, Hashable {
    /// The session's backend.
    package var backend: String
    /// The session's key.
    package var key: String
    /// When a keepalive last succeeded; nil leaves what is stored.
    package var lastSuccess: Int64?
    /// When it was last in use.
    package var lastActivity: Int64

    /// What is new about a session.
    package init(backend: String, key: String, lastSuccess: Int64?, lastActivity: Int64) {
        self.backend = backend
        self.key = key
        self.lastSuccess = lastSuccess
        self.lastActivity = lastActivity
    }
}
