// SPDX-License-Identifier: Apache-2.0

/// When a failed attempt is repeated. Time and chance are parameters.
///
/// | attempt | waits without Retry-After |
/// |---|---|
/// | 1 | 0.5 s to 1.5 s |
/// | 2 | 1 s to 3 s |
/// | 3 | 2 s to 6 s |
/// | 6 and later | 15 s to 45 s |
public struct Retry: Sendable, Hashable {
    /// What to do after a failed attempt.
    public enum Decision: Sendable, Hashable {
        /// Repeat it after this wait.
        case retry(after: Duration)
        /// Drop the batch and count it.
        case giveUp
        /// Keep the batch and leave the destination alone for so long: it said so, and the export ends before that.
        case keepAndPause(for: Duration)
    }

    /// The mean wait after the first attempt; it doubles with each further one.
    public var initialBackoff: Duration = .seconds(1)
    /// The greatest mean wait.
    public var maximumBackoff: Duration = .seconds(30)
    /// A wait is its mean times a random factor of this range.
    public var jitter: ClosedRange<Double> = 0.5...1.5
    /// A longer Retry-After counts as this one.
    public var maximumRetryAfter: Duration = .seconds(3600)

    /// The default policy.
    public init() {}

    /// What to do.
    /// - Parameters:
    ///   - attempt: how many attempts were made, at least 1.
    ///   - failure: why the attempt failed.
    ///   - retryAfter: what the answer's Retry-After said, if it had one that made sense.
    ///   - remaining: the time left until the export's deadline, which attempts and waits share.
    ///   - random: a number in 0...1.
    public func decide(
        after failure: ExportFailure,
        attempt: Int,
        retryAfter: Duration?,
        remaining: Duration,
        random: Double
    ) -> Decision {
        guard failure.isRetryable else { return .giveUp }
        let told = retryAfter.map { min($0, maximumRetryAfter) }
        let wait = max(backoff(attempt: attempt, random: random), told ?? .zero)
        // Checked before waiting: a wait that ends after the deadline is in vain.
        if wait < remaining { return .retry(after: wait) }
        return told.map { .keepAndPause(for: max($0, wait)) } ?? .giveUp
    }

    func backoff(attempt: Int, random: Double) -> Duration {
        let doublings = min(max(0, attempt - 1), 30)
        let mean = min(initialBackoff * (1 << doublings), maximumBackoff)
        return mean * (jitter.lowerBound + (jitter.upperBound - jitter.lowerBound) * random)
    }
}
