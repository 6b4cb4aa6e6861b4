// SPDX-License-Identifier: Apache-2.0

/// When the next batch of the spool is sent: so many in a second at most, never two in a row while fresh ones wait, and after a
/// failure as late as a repeated attempt would be. No clock.
struct ReplaySchedule: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What to do.
    enum Step: Sendable, Hashable {
        /// Send the oldest batch.
        case replay
        /// Not before then; nil: until something happens.
        case wait(until: Instant?)
    }

    private let retry: Retry
    private let spacing: Duration
    private var notBefore: Instant?
    private var isFreshTurn = false
    /// Attempts that failed in a row, of fresh batches and of replayed ones.
    private(set) var failures = 0

    init(retry: Retry, spacing: Duration) {
        self.retry = retry
        self.spacing = spacing
    }

    /// What to do now.
    func step(at now: Instant, freshIsWaiting: Bool) -> Step {
        if let notBefore, notBefore > now { return .wait(until: notBefore) }
        return freshIsWaiting && isFreshTurn ? .wait(until: nil) : .replay
    }

    /// A batch of the spool is sent.
    mutating func began(at now: Instant) {
        notBefore = now + spacing
        isFreshTurn = true
    }

    /// A fresh batch is sent.
    mutating func freshBegan() {
        isFreshTurn = false
    }

    /// The collector took a batch.
    mutating func succeeded(at now: Instant) {
        guard failures > 0 else { return }
        failures = 0
        notBefore = now + spacing
    }

    /// The collector did not take a batch, and may have said when to come again.
    mutating func failed(at now: Instant, retryAfter: Duration?, random: Double) {
        failures += 1
        let told = retryAfter.map { min($0, retry.maximumRetryAfter) } ?? .zero
        notBefore = now + max(retry.backoff(attempt: failures, random: random), told)
    }
}
