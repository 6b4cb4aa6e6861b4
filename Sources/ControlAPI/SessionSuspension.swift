// SPDX-License-Identifier: Apache-2.0

/// The body of `POST /v1/backends/{backend}/sessions/{key}/suspend`: for a gateway that re-initializes a session.
package struct SessionSuspension: RequestBody {
    /// `seconds`: how long nothing is sent on the session unless a PUT ends the suspension before, 1...300; 60 by default.
    package var seconds: Int?

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case seconds
    }

    package static let defaultSeconds = 60
    package static let longestSeconds = 300

    package init(seconds: Int? = nil) {
        self.seconds = seconds
    }

    package func validate() throws(ControlProblem) {
        try Self.check(seconds, in: 1...Self.longestSeconds, as: .seconds)
    }
}
