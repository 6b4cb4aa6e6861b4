// SPDX-License-Identifier: Apache-2.0

/// The answer to `GET /v1/sessions`: one page of all sessions, in an order that stays.
package struct SessionPage: Codable, Sendable, Hashable {
    package var sessions: [SessionView]
    /// `next`: the `after` of the next page; nil on the last one.
    package var next: String?

    /// The most sessions of one page, and how many it has unless told.
    package static let largest = 1000

    package init(sessions: [SessionView], next: String? = nil) {
        self.sessions = sessions
        self.next = next
    }
}
