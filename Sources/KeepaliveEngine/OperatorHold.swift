// SPDX-License-Identifier: Apache-2.0

/// That somebody disabled a backend by hand.
package struct OperatorHold: Sendable, Hashable {
    package var since: Tick
    /// When it ends by itself; nil: when somebody ends it.
    package var until: Tick?

    package init(since: Tick, until: Tick?) {
        self.since = since
        self.until = until
    }
}
