// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// How the webhook is doing.
package struct WebhookView: Codable, Sendable, Hashable {
    /// What became of the last POST.
    package enum State: String, Codable, Sendable, Hashable, CaseIterable {
        /// Nothing was sent yet.
        case waiting
        case ok
        /// The receiver did not take the last events.
        case failing
    }

    package var state: State
    /// `endpoint`: scheme, host and port; the rest may be a secret.
    package var endpoint: String
    /// `last_success`: when the receiver last took events.
    package var lastSuccess: Date?
    /// `pending`: events that it has not taken yet.
    package var pending: UInt64
    /// `dropped`: events that were given up since the start.
    package var dropped: UInt64
    /// `problem`: why it is failing.
    package var problem: String?

    package enum CodingKeys: String, CodingKey {
        case state, endpoint, pending, dropped, problem
        case lastSuccess = "last_success"
    }

    package init(
        state: State,
        endpoint: String,
        lastSuccess: Date? = nil,
        pending: UInt64 = 0,
        dropped: UInt64 = 0,
        problem: String? = nil
    ) {
        self.state = state
        self.endpoint = endpoint
        self.lastSuccess = lastSuccess
        self.pending = pending
        self.dropped = dropped
        self.problem = problem
    }
}
