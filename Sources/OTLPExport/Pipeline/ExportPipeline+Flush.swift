// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
internal import Transfer

extension ExportPipeline {
    /// Exports what was recorded so far, the metrics included; returns whether all of it was dealt with in time: accepted, or
    /// given up as if there had been no hurry. A collector that asked to be left alone is.
    @discardableResult
    public nonisolated func forceFlush(within limit: Duration = .seconds(30)) async -> Bool {
        guard isExporting.load(ordering: .sequentiallyConsistent) else { return true }
        return await flush(until: .now + limit)
    }

    /// Exports what was recorded so far, the metrics included, and ends the thread. What is left after `limit` is given up
    /// and counted, whatever the collector does. What is recorded from now on is dropped and counted. To be called once.
    @discardableResult
    public nonisolated func shutdown(within limit: Duration = .seconds(5)) async -> Bool {
        intake.close()
        guard configuration.exports else { return true }
        startThread()
        return await end(by: .now + limit)
    }

    private func end(by deadline: Instant) async -> Bool {
        guard shutdownDeadline == nil else { return false }
        shutdownDeadline = deadline
        let wasExporting = isExporting.load(ordering: .sequentiallyConsistent)
        // The spool gets the last quarter, to write what nobody took.
        let flushDeadline = spool == nil ? deadline : deadline - min(.seconds(1), (deadline - .now) / 4)
        let flushed = wasExporting ? await flush(until: flushDeadline) : true
        isExporting.store(false, ordering: .sequentiallyConsistent)
        for signal in Signal.allCases {
            tasks[signal]?.cancel()
            let saved = wasExporting ? salvage(signal) : 0
            var lost = max(0, lanes[signal.index].abandon() - saved)
            while let batch = intake.takeBatch(of: signal) { lost += batch.count }
            if lost > 0 { intake.count(signal) { $0.failed["shutdown", default: 0] += UInt64(lost) } }
        }
        for waiter in waiters { waiter.continuation.resume(returning: false) }
        waiters = []
        let drained = wasExporting ? await drainSpool(by: deadline) : true
        executor.stop()
        return flushed && drained
    }

    private func flush(until deadline: Instant) async -> Bool {
        let targets = Signal.allCases.map { signal -> UInt64 in
            guard exporters[signal] != nil else { return 0 }
            // Metrics that are being exported already may lack what was recorded last.
            return signal == .metrics ? collections + 1 : intake.addedCount(of: signal)
        }
        for signal in Signal.allCases { lanes[signal.index].hurry(at: .now) }
        return await withCheckedContinuation { continuation in
            waiters.append(FlushWaiter(targets: targets, deadline: deadline, continuation: continuation))
        }
    }

    /// How much of a signal is done with: records, or collections.
    func reached(_ signal: Signal) -> UInt64 {
        let lane = lanes[signal.index]
        guard signal != .metrics else { return lane.isIdle ? collections : collections - 1 }
        let queued = intake.statistics(of: signal).queued
        return intake.addedCount(of: signal) - UInt64(queued + lane.outstandingCount)
    }

    /// Answers who waits and need not any longer; returns when the next one's patience ends.
    func settleWaiters(at time: Instant) -> Instant? {
        guard !waiters.isEmpty else { return nil }
        let reached = Signal.allCases.map { self.reached($0) }
        let isPaused = lanes.map { ($0.pausedUntil ?? time) > time }
        waiters.removeAll { waiter in
            let isDone = waiter.targets.indices.map { waiter.targets[$0] <= reached[$0] }
            let isSettled = zip(isDone, isPaused).allSatisfy { $0 || $1 }
            guard isSettled || waiter.deadline <= time else { return false }
            waiter.continuation.resume(returning: isDone.allSatisfy { $0 })
            return true
        }
        return waiters.map(\.deadline).min()
    }
}
