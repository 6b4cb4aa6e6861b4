// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// How the export of telemetry is doing.
package struct TelemetryView: Codable, Sendable, Hashable {
    /// What became of the last export.
    package enum State: String, Codable, Sendable, Hashable, CaseIterable {
        /// Nothing is exported.
        case off
        /// Nothing was sent yet.
        case waiting
        case ok
        /// The collector did not take the last export of some signal.
        case failing
    }

    package var state: State
    /// `endpoint`: without credentials and query; nil when nothing is exported.
    package var endpoint: String?
    /// `last_success`: the end of the last export that the collector took.
    package var lastSuccess: Date?
    /// `dropped`: items that were given up since the start.
    package var dropped: UInt64

    package enum CodingKeys: String, CodingKey {
        case state, endpoint, dropped
        case lastSuccess = "last_success"
    }

    package init(state: State, endpoint: String? = nil, lastSuccess: Date? = nil, dropped: UInt64 = 0) {
        self.state = state
        self.endpoint = endpoint
        self.lastSuccess = lastSuccess
        self.dropped = dropped
    }
}
