// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// The body of `POST /v1/backends/{backend}/sessions/{key}/renew`; all of it is optional.
package struct SessionRenewal: RequestBody {
    /// `lease_seconds`: how long the session is wanted from now on, 1...86400; as before by default.
    package var leaseSeconds: Int?
    /// `last_activity`: when the session's owner last sent a request on it, which postpones the next keepalive; unchanged by
    /// default, and never in the future.
    package var lastActivity: Date?

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case leaseSeconds = "lease_seconds"
        case lastActivity = "last_activity"
    }

    package init(leaseSeconds: Int? = nil, lastActivity: Date? = nil) {
        self.leaseSeconds = leaseSeconds
        self.lastActivity = lastActivity
    }

    package func validate() throws(ControlProblem) {
        try Self.check(leaseSeconds, in: SessionRegistration.leaseRange, as: .leaseSeconds)
    }
}
