// SPDX-License-Identifier: Apache-2.0

/// What is known of a session from before the agent was started.
package struct SessionHistory: Sendable, Hashable {
    /// The start of the last request on it that is known; may be before the start of the clock.
    package var lastActivity: Tick
    /// The end of its last keepalive that succeeded.
    package var lastSuccess: Tick?

    package init(lastActivity: Tick, lastSuccess: Tick? = nil) {
        self.lastActivity = lastActivity
        self.lastSuccess = lastSuccess
    }
}
