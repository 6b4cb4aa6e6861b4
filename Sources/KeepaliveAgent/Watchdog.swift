// SPDX-License-Identifier: Apache-2.0

/// Somebody who restarts the agent when it does not hear from it: told by the turns of the reactor themselves, so that
/// silence means that no keepalive is sent.
package struct Watchdog: Sendable {
    /// How often it is told.
    package let period: Duration
    /// Tells it, and returns whether it was told; must not wait.
    package let tell: @Sendable () -> Bool

    package init(period: Duration, tell: @escaping @Sendable () -> Bool) {
        self.period = period
        self.tell = tell
    }
}
