// SPDX-License-Identifier: Apache-2.0

/// What is known of a backend from before the agent was started.
package struct BackendHistory: Sendable, Hashable {
    /// A breaker that was open.
    package struct Disabled: Sendable, Hashable {
        package var reason: FailureReason
        package var since: Tick
        package var nextProbe: Tick

        package init(reason: FailureReason, since: Tick, nextProbe: Tick) {
            self.reason = reason
            self.since = since
            self.nextProbe = nextProbe
        }
    }

    /// Nil when the breaker was closed.
    package var disabled: Disabled?
    /// Nil when nobody had disabled it by hand.
    package var hold: OperatorHold?
    /// Since when the fallback tool is called instead of ping; nil when it is not.
    package var fallbackSince: Tick?
    /// The end of the last call that succeeded.
    package var lastSuccess: Tick?

    package init(hold: OperatorHold? = nil) {
        self.hold = hold
    }
}
