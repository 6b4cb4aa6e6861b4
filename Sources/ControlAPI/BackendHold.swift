// SPDX-License-Identifier: Apache-2.0

/// The body of `POST /v1/backends/{backend}/disable`.
package struct BackendHold: RequestBody {
    /// `for_seconds`: after this time keepalive is enabled again, 1...2592000 (30 days); until somebody does it by default.
    package var forSeconds: Int?

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case forSeconds = "for_seconds"
    }

    package init(forSeconds: Int? = nil) {
        self.forSeconds = forSeconds
    }

    package func validate() throws(ControlProblem) {
        try Self.check(forSeconds, in: 1...2_592_000, as: .forSeconds)
    }
}
