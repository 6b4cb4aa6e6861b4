// SPDX-License-Identifier: Apache-2.0

/// What of one signal goes to the spool and what comes back. No I/O, no clock.
///
/// While the collector takes everything the spool has nothing to do. From the first failure on, a batch is written before
/// it is attempted, batches that are due behind it are written at once, and the one that is being gathered has a draft on
/// the disk, so that nothing is in memory only, whatever happens.
struct SpoolDesk: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What to do with the oldest batch in the queue.
    enum Step: Sendable, Hashable {
        /// Write it.
        case spill
        /// Leave it there until then; nil: until something happens.
        case wait(until: Instant?)
    }

    /// The batch that the lane has in its hands is in the spool, too, under this id.
    var copy: UInt64?
    /// The batch that the lane has in its hands is larger than the spool may be.
    var refusesCopy = false
    /// The draft of the batch that the lane has in its hands, which is not in the spool otherwise.
    var draftOfLane: UInt64?
    /// The drafts of the batches in the queue, the oldest first.
    private var drafts: [SpoolDraft] = []
    /// When there may be the next addition to a draft.
    var draftNotBefore: Instant?
    /// When the spool's batches are sent.
    var schedule: ReplaySchedule
    private var dueAt: Instant?

    init(retry: Retry, spacing: Duration = SpoolConfiguration.defaultReplaySpacing) {
        schedule = ReplaySchedule(retry: retry, spacing: spacing)
    }

    /// Whether the last attempt failed.
    var isTroubled: Bool { schedule.failures > 0 }

    /// Whether a batch that failed like this may be welcome later: the fault is not the batch's own.
    static func keeps(_ failure: ExportFailure) -> Bool {
        switch failure {
        // Certificates and credentials are renewed.
        case .transport(.tls), .status(401), .status(403): true
        case .transport, .status: failure.isRetryable
        }
    }

    /// What to do with the oldest batch while the collector is not free for it.
    /// - Parameters:
    ///   - isCrowded: whether the queue is half full.
    ///   - urgent: whether somebody waits until nothing is in the queue.
    mutating func step(
        at now: Instant,
        queueIsEmpty: Bool,
        hasCompleteBatch: Bool,
        isCrowded: Bool,
        delay: Duration,
        urgent: Bool
    ) -> Step {
        guard !queueIsEmpty, isCrowded || isTroubled else {
            dueAt = nil
            return .wait(until: nil)
        }
        let due = dueAt ?? now + delay
        dueAt = due
        guard isCrowded || hasCompleteBatch || urgent || due <= now else { return .wait(until: due) }
        dueAt = nil
        return .spill
    }

    // MARK: Drafts

    /// The draft of the batch in the queue that begins with this record.
    func draft(first: UInt64) -> SpoolDraft? {
        drafts.last { $0.first == first }
    }

    /// Remembers the draft of a batch in the queue.
    mutating func keep(_ draft: SpoolDraft) {
        if self.draft(first: draft.first) == nil { drafts.append(draft) }
    }

    /// The draft of the batch that is taken out of the queue.
    mutating func takeDraft(first: UInt64) -> UInt64? {
        guard let draft = drafts.first, draft.first == first else { return nil }
        return drafts.removeFirst().id
    }

    /// All drafts of batches in the queue, which need none any longer.
    mutating func takeDrafts() -> [UInt64] {
        defer { drafts = [] }
        return drafts.map(\.id)
    }

    /// The lane takes fresh batches itself.
    mutating func laneIsFree() {
        dueAt = nil
    }
}
