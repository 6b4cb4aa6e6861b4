// SPDX-License-Identifier: Apache-2.0

/// Where the export of one signal stands: which batch is on its way or waits, and what comes next. No I/O, no clock.
struct ExportLane: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What the lane does right now.
    enum State: Sendable {
        case idle
        /// The metrics are being collected.
        case collecting
        /// A request is under way.
        case sending(ExportOperation)
        /// An attempt failed; the next one is made then. The collector may have said when.
        case waiting(ExportOperation, until: Instant, isTold: Bool)
    }

    /// What to do next.
    enum Step: Sendable {
        /// Nothing before then; nil: until something happens.
        case wait(until: Instant?)
        /// Make the next attempt.
        case attempt(ExportOperation)
        /// Encode this and make the first attempt.
        case begin(ExportBatch, isHalf: Bool)
        /// Take a batch from the queue.
        case take
        /// Collect the metrics.
        case collect
    }

    /// What a finished attempt came to.
    enum Outcome: Sendable, Hashable {
        case delivered(count: Int, PartialSuccess?)
        case failedForNow(ExportFailure, details: String)
        case dropped(count: Int, ExportFailure, details: String)
        case kept(ExportFailure, details: String)
        case divided
    }

    private(set) var state = State.idle
    /// Batches that go before new ones: halves, parts of a snapshot, one that was kept.
    private(set) var backlog: [(batch: ExportBatch, isHalf: Bool)] = []
    private(set) var pausedUntil: Instant?
    /// When a batch that is not complete is exported anyway, or the metrics are collected.
    private var dueAt: Instant?

    var isIdle: Bool {
        if case .idle = state { return backlog.isEmpty }
        return false
    }

    // MARK: Steps

    /// The next step of a lane that is fed from a queue.
    /// - Parameter urgent: whether to export at once what there is.
    mutating func step(at now: Instant, queueIsEmpty: Bool, hasCompleteBatch: Bool, delay: Duration, urgent: Bool)
        -> Step
    {
        if let step = pendingStep(at: now) { return step }
        guard !queueIsEmpty else {
            dueAt = nil
            return .wait(until: nil)
        }
        let due = dueAt ?? now + delay
        dueAt = due
        guard hasCompleteBatch || urgent || due <= now else { return .wait(until: due) }
        dueAt = nil
        return .take
    }

    /// The next step of the lane of metrics.
    /// - Parameter urgent: whether to collect at once.
    mutating func step(at now: Instant, interval: Duration, urgent: Bool) -> Step {
        if let step = pendingStep(at: now) { return step }
        // The first collection is due at once.
        let due = dueAt ?? now
        guard urgent || due <= now else { return .wait(until: due) }
        // Collections keep their rhythm; those that were missed are left out.
        let next = due <= now ? due + interval : due
        dueAt = next > now ? next : now + interval
        state = .collecting
        return .collect
    }

    private mutating func pendingStep(at now: Instant) -> Step? {
        switch state {
        case .collecting, .sending: return .wait(until: nil)
        case .waiting(let operation, let until, _):
            return until <= now ? .attempt(operation) : .wait(until: until)
        case .idle: break
        }
        if let until = pausedUntil {
            if until > now { return .wait(until: until) }
            pausedUntil = nil
        }
        guard !backlog.isEmpty else { return nil }
        let next = backlog.removeFirst()
        return .begin(next.batch, isHalf: next.isHalf)
    }

    // MARK: What happened

    /// An attempt was begun.
    mutating func began(_ operation: ExportOperation) {
        state = .sending(operation)
    }

    /// A batch or a snapshot turned out to be nothing to send, or too large.
    mutating func skipped() {
        state = .idle
    }

    /// The metrics were collected; the parts are sent one after the other.
    mutating func collected(_ parts: [ExportBatch]) {
        state = .idle
        backlog.append(contentsOf: parts.map { ($0, false) })
    }

    /// The attempt that was under way ended.
    /// - Parameters:
    ///   - remaining: the time left for further attempts.
    ///   - keeps: whether a batch may be kept for later.
    mutating func finished(
        _ result: AttemptResult,
        at now: Instant,
        remaining: Duration,
        retry: Retry,
        random: Double,
        keeps: Bool
    ) -> Outcome? {
        guard case .sending(let operation) = state else { return nil }
        state = .idle
        guard case .refused(let failure, let retryAfter, let details) = result else {
            guard case .accepted(let partial) = result else { return nil }
            return .delivered(count: operation.batch.count, partial)
        }
        if failure == .status(413), !operation.isHalf, let halves = operation.batch.halves {
            backlog.insert(contentsOf: halves.map { ($0, true) }, at: 0)
            return .divided
        }
        let decision = retry.decide(
            after: failure,
            attempt: operation.attempts,
            retryAfter: retryAfter,
            remaining: remaining,
            random: random
        )
        switch decision {
        case .retry(let wait):
            state = .waiting(operation, until: now + wait, isTold: retryAfter != nil)
            return .failedForNow(failure, details: details)
        case .keepAndPause(let pause) where keeps:
            backlog.insert((operation.batch, operation.isHalf), at: 0)
            pausedUntil = now + pause
            return .kept(failure, details: details)
        case .keepAndPause, .giveUp:
            return .dropped(count: operation.batch.count, failure, details: details)
        }
    }

    /// Makes a waiting attempt due, once, unless the collector itself said when it wants it.
    mutating func hurry(at now: Instant) {
        guard case .waiting(let operation, _, isTold: false) = state else { return }
        state = .waiting(operation, until: now, isTold: false)
    }

    /// Leaves the destination alone until then.
    mutating func pause(until instant: Instant) {
        pausedUntil = max(instant, pausedUntil ?? instant)
    }

    /// Batches that have not been accepted or dropped yet, the one that is under way first.
    var outstandingBatches: [ExportBatch] {
        let waiting = backlog.map(\.batch)
        switch state {
        case .idle, .collecting: return waiting
        case .sending(let operation), .waiting(let operation, _, _): return [operation.batch] + waiting
        }
    }

    /// Spans, points or records that have not been accepted or dropped yet.
    var outstandingCount: Int {
        outstandingBatches.reduce(0) { $0 + $1.count }
    }

    /// Gives up everything that has not been sent; returns how many spans, points or records that were.
    mutating func abandon() -> Int {
        let count = outstandingCount
        state = .idle
        backlog = []
        pausedUntil = nil
        return count
    }
}
