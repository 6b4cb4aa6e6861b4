// SPDX-License-Identifier: Apache-2.0

/// Somebody who restarts the agent when it does not hear from it: told by the turns of the reactor themselves, so that
/// silence means that no keepalive is sent.
package struct Watchdog: Sendable {
    /// How often it is told.
    package let period: Duration
    /// Tells it; must not wait.
    package let tell: @Sendable () -> Void

    package init(period: Duration, tell: @escaping @Sendable () -> Void) {
        self.period = period
        self.tell = tell
    }
}
