// SPDX-License-Identifier: Apache-2.0

/// What a backend remembers of one session, also after its end.
package struct SessionRecord: Sendable, Equatable {
    /// Whether a session is alive, and else how it ended.
    package enum State: Sendable, Equatable {
        case alive
        /// Its idle time passed, or a script expired it.
        case expired
        /// Its client ended it with DELETE.
        case deleted
    }

    /// Alive, or how it ended.
    package internal(set) var state = State.alive
    /// Requests by JSON-RPC method, or by HTTP method where there is no body.
    package internal(set) var requests: [String: Int] = [:]
    /// When it was initialized.
    package let opened: ContinuousClock.Instant
    /// The end of its last request; the idle time counts from here.
    package internal(set) var lastSeen: ContinuousClock.Instant

    /// Requests on it that are not answered yet; such a session does not expire.
    var inFlight = 0

    init(opened: ContinuousClock.Instant) {
        self.opened = opened
        lastSeen = opened
    }

    /// The pings that came on it.
    package var pings: Int { requests["ping", default: 0] }
    /// The tool calls that came on it.
    package var toolCalls: Int { requests["tools/call", default: 0] }
}
