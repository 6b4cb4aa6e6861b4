// SPDX-License-Identifier: Apache-2.0

/// The events that one client of `GET /v1/events` gets: those it missed, then each as it happens.
package struct EventSubscription: Sendable {
    /// Ends when the agent stops, or when the client was too slow to take them.
    package let events: AsyncStream<AgentEvent>

    package init(events: AsyncStream<AgentEvent>) {
        self.events = events
    }
}
