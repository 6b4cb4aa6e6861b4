// SPDX-License-Identifier: Apache-2.0

import ControlAPI

/// Some of the events that can be resumed, for whoever fetches them.
struct EventExcerpt: Sendable, Hashable {
    /// The number of the event before the first one.
    let start: UInt64
    /// Its id.
    let startIdentifier: String
    /// How many events before that were asked for, but are no longer there.
    let missed: UInt64
    /// In order, numbered without gaps.
    let events: [AgentEvent]
}
