// SPDX-License-Identifier: Apache-2.0

internal import Locking
internal import Synchronization
internal import Telemetry

/// What recording threads and the export thread share: the queues and the counts. Nothing here waits for I/O.
final class ExportIntake: Sendable {
    private let spans: Locked<ExportQueue<Span>>
    private let logs: Locked<ExportQueue<LogRecord>>
    private let statistics = Locked([ExportStatistics](repeating: ExportStatistics(), count: Signal.allCases.count))
    private let isClosed = Atomic<Bool>(false)
    private let exportsSpans: Bool
    private let exportsLogs: Bool

    init(_ configuration: OTLPConfiguration) {
        spans = Locked(ExportQueue(limits: configuration.spanQueue))
        logs = Locked(ExportQueue(limits: configuration.logQueue))
        exportsSpans = configuration.traces != nil
        exportsLogs = configuration.logs != nil
    }

    /// Queues a span; returns whether the exporter has to be woken.
    func append(_ span: Span) -> Bool {
        guard exportsSpans, admits(.traces) else { return false }
        let bytes = span.approximateByteCount
        return count(spans.withLock { $0.append(span, bytes: bytes) }, .traces)
    }

    /// Queues a log record; returns whether the exporter has to be woken.
    func append(_ record: LogRecord) -> Bool {
        guard exportsLogs, admits(.logs) else { return false }
        let bytes = record.approximateByteCount
        return count(logs.withLock { $0.append(record, bytes: bytes) }, .logs)
    }

    /// Refuses what comes from now on.
    func close() {
        isClosed.store(true, ordering: .relaxed)
    }

    /// Whether the signal's queue is empty and whether it has a complete batch; metrics have no queue.
    func queueState(of signal: Signal) -> (isEmpty: Bool, hasCompleteBatch: Bool) {
        switch signal {
        case .traces: spans.withLock { ($0.isEmpty, $0.hasCompleteBatch) }
        case .logs: logs.withLock { ($0.isEmpty, $0.hasCompleteBatch) }
        case .metrics: (true, false)
        }
    }

    /// Whether the signal's queue is half full.
    func isCrowded(_ signal: Signal) -> Bool {
        switch signal {
        case .traces: spans.withLock { $0.isCrowded }
        case .logs: logs.withLock { $0.isCrowded }
        case .metrics: false
        }
    }

    /// Takes the oldest batch; nil when there is none.
    func takeBatch(of signal: Signal) -> ExportBatch? {
        switch signal {
        case .traces:
            let batch = spans.withLock { $0.takeBatch() }
            return batch.isEmpty ? nil : .spans(batch)
        case .logs:
            let batch = logs.withLock { $0.takeBatch() }
            return batch.isEmpty ? nil : .logs(batch)
        case .metrics:
            return nil
        }
    }

    /// Whether there is something in the queue that `takeNews` has not given away.
    func hasNews(of signal: Signal) -> Bool {
        switch signal {
        case .traces: spans.withLock { $0.hasNews }
        case .logs: logs.withLock { $0.hasNews }
        case .metrics: false
        }
    }

    /// Copies of what came into the queue since the last call, by batches, with the number of the batch's first record: what
    /// `takenCount` is when that batch is the next to be taken.
    func takeNews(of signal: Signal) -> [(first: UInt64, batch: ExportBatch)] {
        switch signal {
        case .traces: spans.withLock { $0.takeNews() }.map { ($0.first, .spans($0.records)) }
        case .logs: logs.withLock { $0.takeNews() }.map { ($0.first, .logs($0.records)) }
        case .metrics: []
        }
    }

    /// Nobody asks for news any longer.
    func ignoreNews(of signal: Signal) {
        switch signal {
        case .traces: spans.withLock { $0.ignoreNews() }
        case .logs: logs.withLock { $0.ignoreNews() }
        case .metrics: break
        }
    }

    /// How many records were ever queued.
    func addedCount(of signal: Signal) -> UInt64 {
        switch signal {
        case .traces: spans.withLock { $0.addedCount }
        case .logs: logs.withLock { $0.addedCount }
        case .metrics: 0
        }
    }

    /// How many records were ever taken out to be exported; never decreases.
    func takenCount(of signal: Signal) -> UInt64 {
        // Both numbers under one lock: the difference of two readings could go down.
        switch signal {
        case .traces: spans.withLock { $0.addedCount - UInt64($0.count) }
        case .logs: logs.withLock { $0.addedCount - UInt64($0.count) }
        case .metrics: 0
        }
    }

    /// Changes the counts of a signal.
    func count(_ signal: Signal, _ change: (inout ExportStatistics) -> Void) {
        statistics.withLock { change(&$0[signal.index]) }
    }

    /// The counts of a signal.
    func statistics(of signal: Signal) -> ExportStatistics {
        var result = statistics.withLock { $0[signal.index] }
        switch signal {
        case .traces: result.queued = spans.withLock { $0.count }
        case .logs: result.queued = logs.withLock { $0.count }
        case .metrics: break
        }
        return result
    }

    private func admits(_ signal: Signal) -> Bool {
        guard isClosed.load(ordering: .relaxed) else { return true }
        count(signal) { $0.dropped["already_shutdown", default: 0] += 1 }
        return false
    }

    private func count<Record>(_ outcome: ExportQueue<Record>.Outcome, _ signal: Signal) -> Bool {
        switch outcome {
        case .queued(let wakes): return wakes
        case .dropped:
            count(signal) { $0.dropped["queue_full", default: 0] += 1 }
            return false
        }
    }
}
