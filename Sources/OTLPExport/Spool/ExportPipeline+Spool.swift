// SPDX-License-Identifier: Apache-2.0

internal import JSONText
internal import Telemetry
internal import Transfer

extension ExportPipeline {
    /// What the spool of a signal holds, and what became of it; nothing where there is no spool.
    public nonisolated func spoolStatistics(of signal: Signal) -> SpoolStatistics {
        spool?.statistics(of: signal) ?? SpoolStatistics()
    }

    /// Takes all steps of a signal: those of its lane, and those between its queue, the spool and the collector.
    func advanceAll(_ signal: Signal, at time: Instant) -> Instant? {
        guard let spool = spool(for: signal) else { return advance(signal, at: time) }
        var next = shutdownDeadline == nil ? replay(signal, from: spool, at: time) : nil
        if !replays[signal.index].isSending { next = earlier(next, advance(signal, at: time)) }
        next = earlier(next, spill(signal, to: spool, at: time))
        return earlier(next, draft(signal, to: spool, at: time))
    }

    /// The spool for the signals that go into it: not for metrics, nor for what is not sent to a collector.
    private func spool(for signal: Signal) -> SpoolStore? {
        signal != .metrics && exporters[signal]?.destination.output == .collector ? spool : nil
    }

    // MARK: To the spool

    /// Writes batches that are due and that the collector is not free for; returns when the next one is due.
    private func spill(_ signal: Signal, to spool: SpoolStore, at time: Instant) -> Instant? {
        guard !isFree(signal, at: time) else {
            desks[signal.index].laneIsFree()
            return nil
        }
        while spool.takes(at: time) {
            let queue = intake.queueState(of: signal)
            let step = desks[signal.index].step(
                at: time,
                queueIsEmpty: queue.isEmpty,
                hasCompleteBatch: queue.hasCompleteBatch,
                isCrowded: intake.isCrowded(signal),
                delay: signal == .traces ? configuration.spanQueue.delay : configuration.logQueue.delay,
                urgent: waiters.contains { $0.targets[signal.index] > reached(signal) }
            )
            if case .wait(let until) = step { return until }
            guard let taken = takeBatch(of: signal) else { return nil }
            write(taken.batch, draft: taken.draft, signal, to: spool)
        }
        return nil
    }

    /// Whether a batch of the queue would be sent at once if it was due.
    private func isFree(_ signal: Signal, at time: Instant) -> Bool {
        let lane = lanes[signal.index]
        return lane.isIdle && (lane.pausedUntil ?? time) <= time && !replays[signal.index].isSending
    }

    /// Hands a batch over; from now on it is the spool's alone.
    private func write(_ batch: ExportBatch, draft: UInt64?, _ signal: Signal, to spool: SpoolStore) {
        writer.removeAll()
        batch.encode(configuration, into: &writer)
        guard !writer.bytes.isEmpty else { return }
        guard writer.bytes.count <= configuration.maximumRequestBytes else {
            if let draft { remove(draft, from: spool) }
            return intake.count(signal) { $0.failed["request_too_large", default: 0] += UInt64(batch.count) }
        }
        var body: [UInt8] = []
        gzip.compress(writer.bytes, into: &body)
        put(spool.announce(bytes: body.count, to: draft), signal, records: batch.count, body, into: spool)
    }

    /// Lets a batch be written that has its id.
    private func put(
        _ id: UInt64,
        _ signal: Signal,
        records: Int,
        _ body: [UInt8],
        isSpare: Bool = false,
        into spool: SpoolStore
    ) {
        tellSpool { pipeline in
            let lost = await spool.put(id, signal, records: records, compressed: body, isSpare: isSpare)
            guard let reason = lost else { return }
            if pipeline.desks[signal.index].copy == id {
                // The lane has it still, and nothing is lost yet.
                pipeline.desks[signal.index].copy = nil
                pipeline.desks[signal.index].refusesCopy = reason == .size
            } else {
                spool.drop(records, of: signal, reason)
            }
        }
    }

    /// Writes the batch of an operation whose outcome is open, so that it outlives this process.
    func writeCopy(of operation: ExportOperation, _ signal: Signal, to spool: SpoolStore) {
        let desk = desks[signal.index]
        guard desk.copy == nil, !desk.refusesCopy, spool.takes(at: .now) else { return }
        var body = operation.body
        if !operation.isCompressed { gzip.compress(operation.body, into: &body) }
        let id = spool.announce(bytes: body.count, to: desks[signal.index].draftOfLane.take())
        desks[signal.index].copy = id
        put(id, signal, records: operation.batch.count, body, isSpare: true, into: spool)
    }

    /// An attempt with a fresh batch begins.
    func spoolBegan(_ operation: ExportOperation, _ signal: Signal) {
        guard let spool = spool(for: signal) else { return }
        desks[signal.index].schedule.freshBegan()
        desks[signal.index].refusesCopy = false
        if desks[signal.index].isTroubled {
            writeCopy(of: operation, signal, to: spool)
        } else if let draft = desks[signal.index].draftOfLane.take() {
            remove(draft, from: spool)
        }
    }

    /// A batch turned out to be nothing that can be sent.
    func spoolSkipped(_ signal: Signal) {
        if let spool = spool(for: signal) { removeCopy(signal, from: spool) }
    }

    /// An attempt with a fresh batch ended; returns whether the spool has what would be lost otherwise.
    func spoolFinished(_ outcome: ExportLane.Outcome?, _ operation: ExportOperation, _ signal: Signal) -> Bool {
        guard let spool = spool(for: signal) else { return false }
        switch outcome {
        case nil: return false
        case .delivered:
            desks[signal.index].schedule.succeeded(at: .now)
            removeCopy(signal, from: spool)
            return false
        case .divided:
            removeCopy(signal, from: spool)
            return false
        case .failedForNow, .kept:
            desks[signal.index].schedule.failed(at: .now, retryAfter: nil, random: random())
            writeCopy(of: operation, signal, to: spool)
            return false
        case .dropped(_, let failure, _):
            desks[signal.index].schedule.failed(at: .now, retryAfter: nil, random: random())
            guard SpoolDesk.keeps(failure) else {
                removeCopy(signal, from: spool)
                return false
            }
            writeCopy(of: operation, signal, to: spool)
            // It is a batch like any other of the spool from now on.
            if desks[signal.index].copy.take() != nil { return true }
            removeCopy(signal, from: spool)
            return false
        }
    }

    /// Removes what the spool has of the batch in the lane: it was delivered, or nobody will ever want it.
    private func removeCopy(_ signal: Signal, from spool: SpoolStore) {
        if let id = desks[signal.index].copy.take() { remove(id, from: spool) }
        if let id = desks[signal.index].draftOfLane.take() { remove(id, from: spool) }
    }

    /// At the end: hands over what has not been sent; returns how many spans or records that were.
    func salvage(_ signal: Signal) -> Int {
        guard let spool = spool(for: signal), spool.usability(at: .now).isUsable else { return 0 }
        var batches = lanes[signal.index].outstandingBatches.map { (batch: $0, draft: nil as UInt64?) }
        var saved = 0
        if !batches.isEmpty {
            batches[0].draft = desks[signal.index].draftOfLane.take()
            if desks[signal.index].copy.take() != nil { saved += batches.removeFirst().batch.count }
        }
        while let taken = takeBatch(of: signal) { batches.append(taken) }
        for (batch, draft) in batches {
            saved += batch.count
            write(batch, draft: draft, signal, to: spool)
        }
        return saved
    }

    /// Waits until the spool has written everything, or until the deadline; returns whether it has.
    func drainSpool(by deadline: Instant) async -> Bool {
        guard let spool else { return true }
        let lastWrite = lastWrite
        let isDrained = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            let first = FirstAnswer(continuation)
            Task {
                // What was handed over before is done before.
                await lastWrite?.value
                await spool.close()
                first.resume(returning: true)
            }
            Task {
                // Ends early only when it is canceled, which nobody does.
                try? await Task.sleep(until: deadline)
                first.resume(returning: false)
            }
        }
        spool.stop()
        return isDrained
    }

    // MARK: Back from the spool

    /// Lets the oldest batch of the spool be read and sent when its time has come; returns when to look again.
    private func replay(_ signal: Signal, from spool: SpoolStore, at time: Instant) -> Instant? {
        let index = signal.index
        guard isFree(signal, at: time) else { return lanes[index].pausedUntil.flatMap { $0 > time ? $0 : nil } }
        let step = desks[index].schedule.step(at: time, freshIsWaiting: intake.queueState(of: signal).hasCompleteBatch)
        if case .wait(let until) = step { return until }
        switch replays[index] {
        case .reading, .sending: return nil
        case .ready(let batch):
            send(batch, signal, from: spool, at: time)
            return nil
        case .none:
            // A folder that is not open has to be tried: who knows what is in it.
            guard spool.statistics(of: signal).batches > 0 || !spool.isOpen else { return nil }
            let (isUsable, usableFrom) = spool.usability(at: time)
            guard isUsable else { return usableFrom }
            replays[index] = .reading
            Task { [previous = lastWrite] in
                await previous?.value
                let batch = await spool.next(of: signal)
                // What the lane has taken meanwhile is the lane's to send.
                replays[index] = batch.flatMap { $0.id == desks[index].copy ? nil : .ready($0) } ?? .none
            }
            return nil
        }
    }

    private func send(_ batch: SpooledBatch, _ signal: Signal, from spool: SpoolStore, at time: Instant) {
        guard let exporter = exporters[signal] else { return }
        replays[signal.index] = .sending(since: time)
        desks[signal.index].schedule.began(at: time)
        intake.count(signal) {
            $0.requests += 1
            $0.retries += 1
            $0.sentBytes += UInt64(batch.content.body.count)
        }
        let (content, now) = (batch.content, now)
        tasks[signal] = Task {
            let result = await exporter.send(
                content.body,
                isCompressed: content.isCompressed,
                timeout: exporter.destination.timeout,
                now: now
            )
            guard case .sending = replays[signal.index] else { return }
            replays[signal.index] = .none
            await replayed(batch, result, signal, spool)
        }
    }

    private func replayed(_ batch: SpooledBatch, _ result: AttemptResult, _ signal: Signal, _ spool: SpoolStore) async {
        switch result {
        case .accepted(let partial):
            let rejected = min(partial?.rejected ?? 0, batch.records)
            intake.count(signal) {
                $0.exported += UInt64(batch.records - rejected)
                if rejected > 0 { $0.failed["rejected", default: 0] += UInt64(rejected) }
                $0.lastSuccess = now()
            }
            desks[signal.index].schedule.succeeded(at: .now)
            tell(health[signal.index].succeeded(partial), signal)
            await spool.remove(batch.id, replayed: batch.records - rejected)
        case .refused(.transport(.cancelled), _, _):
            break
        case .refused(let failure, let retryAfter, let details):
            desks[signal.index].schedule.failed(at: .now, retryAfter: retryAfter, random: random())
            tell(health[signal.index].failed(failure, isFinal: true, details: details), signal)
            if !SpoolDesk.keeps(failure) {
                await spool.remove(batch.id, lost: .refused)
            } else if let retryAfter {
                lanes[signal.index].pause(until: .now + min(retryAfter, configuration.retry.maximumRetryAfter))
            }
        }
    }
}
