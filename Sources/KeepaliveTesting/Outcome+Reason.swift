// SPDX-License-Identifier: Apache-2.0

package import KeepaliveEngine
import MCPWire

extension Outcome {
    /// The outcome that the classification table says for `reason`: its row with `reaction`, or else its plainest one.
    package static func failure(
        _ reason: FailureReason,
        reaction: Reaction? = nil,
        retryAfter: Duration? = nil
    ) -> Outcome {
        let rows = OutcomeClassification.rows + OutcomeClassification.reservedRows
        let row = rows.first { $0.reason == reason && $0.reaction == (reaction ?? .none) }
        guard reaction == nil || row != nil else {
            preconditionFailure("the classification has no row for \(reason) with that reaction")
        }
        var outcome = row?.outcome ?? OutcomeClassification.outcome(for: reason)
        outcome.retryAfter = retryAfter
        return outcome
    }
}
