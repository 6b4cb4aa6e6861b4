// SPDX-License-Identifier: Apache-2.0

internal import JSONText
internal import Synchronization
internal import Telemetry
internal import Transfer

extension ExportPipeline {
    typealias Instant = ContinuousClock.Instant

    /// One round of the export thread: lets every signal do its next step; returns how long nothing will be to do.
    func turn() -> Duration? {
        pool.takeFinished { _, _ in }
        let time = Instant.now
        var next: Instant?
        if isExporting.load(ordering: .sequentiallyConsistent) {
            for signal in Signal.allCases where exporters[signal] != nil {
                next = earlier(next, advanceAll(signal, at: time))
            }
        }
        for signal in Signal.allCases {
            let inflight = lanes[signal.index].outstandingCount
            intake.count(signal) { $0.inflight = inflight }
        }
        next = earlier(next, settleWaiters(at: time))
        return next.map { max(.zero, $0 - time) }
    }

    /// Takes steps until the signal has to wait; returns until when.
    func advance(_ signal: Signal, at time: Instant) -> Instant? {
        while true {
            switch nextStep(of: signal, at: time) {
            case .wait(let until): return until
            case .attempt(let operation): attempt(operation, signal, at: time)
            case .begin(let batch, let isHalf): begin(batch, isHalf: isHalf, signal, at: time)
            case .collect: collect()
            case .take:
                guard let taken = takeBatch(of: signal) else { return nil }
                desks[signal.index].draftOfLane = taken.draft
                begin(taken.batch, isHalf: false, signal, at: time)
            }
        }
    }

    private func nextStep(of signal: Signal, at time: Instant) -> ExportLane.Step {
        let urgent = waiters.contains { $0.targets[signal.index] > reached(signal) }
        guard signal != .metrics else {
            return lanes[signal.index].step(at: time, interval: configuration.metricInterval, urgent: urgent)
        }
        let queue = intake.queueState(of: signal)
        return lanes[signal.index].step(
            at: time,
            queueIsEmpty: queue.isEmpty,
            hasCompleteBatch: queue.hasCompleteBatch,
            delay: signal == .traces ? configuration.spanQueue.delay : configuration.logQueue.delay,
            urgent: urgent
        )
    }

    private func begin(_ batch: ExportBatch, isHalf: Bool, _ signal: Signal, at time: Instant) {
        guard let exporter = exporters[signal] else { return }
        writer.removeAll()
        exporter.encode(batch, configuration, into: &writer)
        let rawCount = writer.bytes.count
        guard (1...configuration.maximumRequestBytes).contains(rawCount) else {
            lanes[signal.index].skipped()
            spoolSkipped(signal)
            guard rawCount > 0 else { return }
            return intake.count(signal) { $0.failed["request_too_large", default: 0] += UInt64(batch.count) }
        }
        // Compressing a few bytes makes them more.
        let isCompressed = exporter.isCompressing && rawCount >= 256
        var body: [UInt8] = []
        if isCompressed { gzip.compress(writer.bytes, into: &body) } else { body = writer.bytes }
        if writer.bytes.capacity > 8 << 20 { writer = JSONWriter() }
        intake.count(signal) { $0.rawBytes += UInt64(rawCount) }
        let operation = ExportOperation(
            batch: batch,
            isHalf: isHalf,
            body: body,
            isCompressed: isCompressed,
            began: time,
            deadline: time + (exporter.destination.exportTimeout ?? configuration.exportTimeout)
        )
        spoolBegan(operation, signal)
        attempt(operation, signal, at: time)
    }

    private func attempt(_ operation: ExportOperation, _ signal: Signal, at time: Instant) {
        guard let exporter = exporters[signal] else { return }
        var operation = operation
        operation.attempts += 1
        lanes[signal.index].began(operation)
        intake.count(signal) {
            $0.requests += 1
            $0.retries += operation.attempts > 1 ? 1 : 0
            $0.sentBytes += UInt64(operation.body.count)
        }
        let (body, isCompressed, now) = (operation.body, operation.isCompressed, now)
        let timeout = max(.milliseconds(1), min(exporter.destination.timeout, remaining(operation, at: time)))
        tasks[signal] = Task {
            let result = await exporter.send(body, isCompressed: isCompressed, timeout: timeout, now: now)
            finished(result, signal)
        }
    }

    private func finished(_ result: AttemptResult, _ signal: Signal) {
        let time = Instant.now
        guard case .sending(let operation) = lanes[signal.index].state else { return }
        let outcome = lanes[signal.index].finished(
            result,
            at: time,
            remaining: remaining(operation, at: time),
            retry: configuration.retry,
            random: random(),
            keeps: shutdownDeadline == nil
        )
        if let outcome {
            let status = exporters[signal]?.lastStatus ?? 0
            selfObservation?.ended(outcome, of: signal, status: status, duration: time - operation.began)
        }
        let isSpooled = spoolFinished(outcome, operation, signal)
        switch outcome {
        case nil, .divided: break
        case .delivered(let count, let partial):
            let rejected = UInt64(min(partial?.rejected ?? 0, count))
            intake.count(signal) {
                $0.exported += UInt64(count) - rejected
                if rejected > 0 { $0.failed["rejected", default: 0] += rejected }
                $0.lastSuccess = now()
            }
            tell(health[signal.index].succeeded(partial), signal)
        case .failedForNow(let failure, let details):
            tell(health[signal.index].failed(failure, isFinal: false, details: details), signal)
        case .kept(let failure, let details):
            tell(health[signal.index].failed(failure, isFinal: true, details: details), signal)
        case .dropped(let count, let failure, let details):
            if !isSpooled { intake.count(signal) { $0.failed[failure.errorType, default: 0] += UInt64(count) } }
            tell(health[signal.index].failed(failure, isFinal: true, details: details), signal)
        }
    }

    func tell(_ changes: [ExportChange.Kind], _ signal: Signal) {
        for kind in changes {
            observer(ExportChange(signal: signal, kind: kind, endpoint: exporters[signal]?.displayName ?? ""))
        }
    }

    private func collect() {
        collections += 1
        let (source, time) = (metricSource, now())
        tasks[.metrics] = Task {
            let began = Instant.now
            let snapshots = await source(time)
            selfObservation?.collected(in: Instant.now - began)
            guard case .collecting = lanes[Signal.metrics.index].state else { return }
            let parts = snapshots.flatMap { $0.split(maximumPoints: configuration.pointsPerRequest) }
            lanes[Signal.metrics.index].collected(parts.map { .metrics($0) })
        }
    }

    /// The time left for attempts and waits of an export.
    private func remaining(_ operation: ExportOperation, at time: Instant) -> Duration {
        min(operation.deadline, shutdownDeadline ?? operation.deadline) - time
    }

    func earlier(_ left: Instant?, _ right: Instant?) -> Instant? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }
}
