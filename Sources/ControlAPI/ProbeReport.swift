// SPDX-License-Identifier: Apache-2.0

/// The answer to `POST /v1/backends/{backend}/probe`.
package struct ProbeReport: Codable, Sendable, Hashable {
    package var backend: BackendView
    /// `succeeded`: nil when there was no session to call, or no answer within the time that is waited for one.
    package var succeeded: Bool?
    /// `reason`: why it failed, in a word of the metrics' `reason`.
    package var reason: String?
    package var latencyMilliseconds: Double?

    package enum CodingKeys: String, CodingKey {
        case backend, succeeded, reason
        case latencyMilliseconds = "latency_ms"
    }

    package init(
        backend: BackendView,
        succeeded: Bool? = nil,
        reason: String? = nil,
        latencyMilliseconds: Double? = nil
    ) {
        self.backend = backend
        self.succeeded = succeeded
        self.reason = reason
        self.latencyMilliseconds = latencyMilliseconds
    }
}
