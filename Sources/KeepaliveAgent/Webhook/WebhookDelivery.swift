// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// Where the delivery of events to a webhook stands, and what comes next. No I/O, no clock.
///
/// Events are known by their numbers in the ring, where they wait; one POST is under way at a time, so that their order is
/// kept.
struct WebhookDelivery: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What to do next.
    enum Step: Sendable, Hashable {
        /// POST what comes after `position`.
        case post
        /// Nothing before then; nil: until something happens.
        case wait(until: Instant?)
        /// It is over.
        case finish
    }

    private enum State: Sendable, Hashable {
        case idle
        /// A POST is under way, with the events up to this number.
        case posting(end: UInt64)
        /// A POST failed; the next one is made then.
        case waiting(until: Instant)
        case over
    }

    /// What was told since the receiver last took events.
    private enum Told: Sendable, Hashable {
        case failing
        case refusing
    }

    /// A longer Retry-After counts as this one.
    static let longestRetryAfter: Duration = .seconds(3600)

    /// The number of the last event that is done with: taken or dropped.
    private(set) var position: UInt64 = 0
    /// How many events were dropped.
    private(set) var dropped: UInt64 = 0
    /// Whether events before the next ones were dropped, and the receiver does not know it yet.
    private(set) var isAfterGap = false
    /// Why the last POST failed; nil when it did not.
    private(set) var problem: String?
    private var state = State.idle
    private var failures = 0
    private var isStopping = false
    private var told: Set<Told> = []
    private var droppedBefore: UInt64 = 0

    /// - Parameter last: the number of the last event that there is.
    func step(at now: Instant, last: UInt64) -> Step {
        switch state {
        case .over: .finish
        case .posting: .wait(until: nil)
        case .waiting(let until): until <= now ? .post : .wait(until: until)
        case .idle: last > position ? .post : isStopping ? .finish : .wait(until: nil)
        }
    }

    /// Events after `position` are no longer there.
    mutating func missed(_ count: UInt64) {
        drop(upTo: position + count)
    }

    /// A POST was begun, with the events up to this number.
    mutating func began(end: UInt64) {
        state = .posting(end: end)
    }

    /// The POST that was under way ended; returns what is to be told.
    mutating func ended(_ answer: WebhookAnswer, at now: Instant, using random: inout SplitMix64) -> WebhookChange? {
        guard case .posting(let end) = state else { return nil }
        switch answer {
        case .taken:
            state = .idle
            position = end
            isAfterGap = false
            failures = 0
            problem = nil
            guard !told.isEmpty else { return nil }
            told = []
            return .recovered(dropped: dropped - droppedBefore)
        case .notNow(let problem, let retryAfter):
            let wait = max(
                Backoff.delay(after: failures, using: &random),
                min(retryAfter ?? .zero, Self.longestRetryAfter)
            )
            failures += 1
            // Once is enough at the end.
            state = isStopping ? .over : .waiting(until: now + wait)
            return tell(.failing, problem) ? .failing(problem: problem) : nil
        case .refused(let problem):
            let isNews = tell(.refusing, problem)
            state = .idle
            drop(upTo: end)
            return isNews ? .refusing(problem: problem) : nil
        }
    }

    /// What waits is due now, for the last time.
    mutating func stop() {
        isStopping = true
        if case .waiting = state { state = .idle }
    }

    private mutating func drop(upTo end: UInt64) {
        dropped += end - position
        isAfterGap = isAfterGap || end > position
        position = end
    }

    /// Notes a problem; true when it is news.
    private mutating func tell(_ kind: Told, _ problem: String) -> Bool {
        self.problem = problem
        if told.isEmpty { droppedBefore = dropped }
        return told.insert(kind).inserted
    }
}
