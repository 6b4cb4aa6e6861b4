// SPDX-License-Identifier: Apache-2.0

/// What the threads that enqueue and the thread that runs share: jobs waiting and where in its life the executor is.
@safe
struct PollExecutorState: ~Copyable, @unchecked Sendable {
    /// What the caller of a mutation has to do, outside of the lock.
    enum Work {
        case none
        case wake
        case runStragglers
    }

    private enum Phase {
        case created
        case running
        case stopping
        case ended
    }

    var participants: [PollParticipantEntry] = []

    private var phase = Phase.created
    private var jobs: [UnownedJob] = []
    private var spareJobs: [UnownedJob] = []
    private var disposals: [Disposal] = []
    private var hasStragglerThread = false

    /// What is left when the executor was never started.
    var leftovers: [Disposal] { disposals }

    var hasWork: Bool { !jobs.isEmpty || !disposals.isEmpty || phase == .stopping }

    /// The thread may end: it was asked to, and no job is left.
    var mayEnd: Bool { phase == .stopping && jobs.isEmpty }

    /// No thread drives transfers any more.
    var hasEnded: Bool { phase == .ended }

    mutating func begin() -> Bool {
        guard phase == .created else { return false }
        phase = .running
        return true
    }

    mutating func requestStop() -> Work {
        switch phase {
        case .created:
            return end()
        case .running:
            phase = .stopping
            return .wake
        case .stopping, .ended:
            return .none
        }
    }

    mutating func enqueue(_ job: UnownedJob) -> Work {
        jobs.append(job)
        return workForNewEntry()
    }

    mutating func dispose(_ disposal: Disposal) -> Work {
        disposals.append(disposal)
        return workForNewEntry()
    }

    /// Takes everything that waits; the arrays trade places so that none is allocated per turn.
    mutating func takeWork() -> (jobs: [UnownedJob], disposals: [Disposal]) {
        let taken = jobs
        jobs = spareJobs
        spareJobs = []
        let handles = disposals
        disposals = []
        return (taken, handles)
    }

    /// Returns an array that `takeWork` gave out, for its storage.
    mutating func giveBack(_ taken: consuming [UnownedJob]) {
        taken.removeAll(keepingCapacity: true)
        spareJobs = taken
    }

    /// Marks the executor as ended; what arrived meanwhile needs a thread of its own.
    mutating func end() -> Work {
        phase = .ended
        return hasEntries ? workForNewEntry() : .none
    }

    /// Ends the stragglers' thread unless more arrived meanwhile.
    mutating func endStragglers() -> Bool {
        if hasEntries { return false }
        hasStragglerThread = false
        return true
    }

    private var hasEntries: Bool { !jobs.isEmpty || !disposals.isEmpty }

    private mutating func workForNewEntry() -> Work {
        switch phase {
        case .created: return .none
        case .running, .stopping: return .wake
        case .ended:
            if hasStragglerThread { return .none }
            hasStragglerThread = true
            return .runStragglers
        }
    }
}
