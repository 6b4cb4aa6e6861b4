// SPDX-License-Identifier: Apache-2.0

package import ControlAPI
import Locking

/// The latest changes of an agent, taken in by one thread and shown by another.
///
/// A backend that restarts may lose all its sessions at once: what is kept is bounded, and nobody is woken for each.
package final class RecentChanges: Sendable {
    /// The kinds of events that are changes; keepalives would push them out.
    package static let kinds: [AgentEvent.Kind] = [.lost, .disabled, .enabled, .released]

    /// No screen has more lines.
    private static let limit = 200

    private let state = Locked<[AgentEvent]?>(nil)

    package init() {}

    /// The newest last; nil until the agent told that it tells them.
    package var events: [AgentEvent]? { state.withLock { $0 } }

    /// The agent is going to tell its changes.
    package func begin() {
        state.withLock { $0 = $0 ?? [] }
    }

    package func note(_ event: AgentEvent) {
        state.withLock { events in
            var changed = events ?? []
            events = nil
            if changed.count == Self.limit { changed.removeFirst() }
            changed.append(event)
            events = changed
        }
    }

    /// The agent does not tell its changes here.
    package func end() {
        state.withLock { $0 = nil }
    }
}
