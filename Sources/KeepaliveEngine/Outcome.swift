// SPDX-License-Identifier: Apache-2.0

/// What a call came to.
package struct Outcome: Sendable, Hashable {
    /// Why the call failed; nil when it succeeded.
    package var reason: FailureReason?
    package var verdict: Verdict
    package var breaker: BreakerEffect
    package var reaction: Reaction
    /// How long the backend asked to be left alone, as sent; the engine clamps it.
    package var retryAfter: Duration?
    /// The idle TTL that the backend advertised with this answer.
    package var advertisedTTL: Duration?

    package init(
        reason: FailureReason?,
        verdict: Verdict,
        breaker: BreakerEffect,
        reaction: Reaction,
        retryAfter: Duration? = nil,
        advertisedTTL: Duration? = nil
    ) {
        self.reason = reason
        self.verdict = verdict
        self.breaker = breaker
        self.reaction = reaction
        self.retryAfter = retryAfter
        self.advertisedTTL = advertisedTTL
    }

    /// The call succeeded.
    package static let success = Outcome(reason: nil, verdict: .alive, breaker: .none, reaction: .none)

    package var isSuccess: Bool { reason == nil }
}
