// SPDX-License-Identifier: Apache-2.0

internal import JSONText

extension ExportPipeline {
    /// Takes a batch out of the queue, and gives its draft to whoever has the batch now.
    func takeBatch(of signal: Signal) -> (batch: ExportBatch, draft: UInt64?)? {
        let first = intake.takenCount(of: signal)
        guard let batch = intake.takeBatch(of: signal) else { return nil }
        return (batch, desks[signal.index].takeDraft(first: first))
    }

    /// Lets what came into the queue be written while the collector is in trouble, so that it outlives this process as well;
    /// returns when to look again.
    func draft(_ signal: Signal, to spool: SpoolStore, at time: Instant) -> Instant? {
        let patienceEnds = busySince(signal).map { $0 + spool.configuration.patience }
        let isSlow = patienceEnds.map { $0 <= time } ?? false
        guard desks[signal.index].isTroubled || isSlow else {
            intake.ignoreNews(of: signal)
            for draft in desks[signal.index].takeDrafts() { remove(draft, from: spool) }
            return patienceEnds
        }
        // What is on its way goes first, for ids grow with age.
        if isSlow, case .sending(let operation) = lanes[signal.index].state {
            writeCopy(of: operation, signal, to: spool)
        }
        guard intake.hasNews(of: signal) else { return nil }
        guard spool.takes(at: time) else { return spool.usability(at: time).from }
        if let notBefore = desks[signal.index].draftNotBefore, notBefore > time { return notBefore }
        desks[signal.index].draftNotBefore = time + spool.configuration.draftSpacing
        for (first, batch) in intake.takeNews(of: signal) { append(batch, startingAt: first, signal, to: spool) }
        return nil
    }

    /// Since when a request of the signal has been under way, whatever it carries.
    private func busySince(_ signal: Signal) -> Instant? {
        if case .sending(let since) = replays[signal.index] { return since }
        guard case .sending(let operation) = lanes[signal.index].state else { return nil }
        return operation.began
    }

    private func append(_ batch: ExportBatch, startingAt first: UInt64, _ signal: Signal, to spool: SpoolStore) {
        writer.removeAll()
        batch.encode(configuration, into: &writer)
        let line = writer.bytes + [0x0A]
        let id = spool.announce(bytes: line.count, to: desks[signal.index].draft(first: first)?.id)
        desks[signal.index].keep(SpoolDraft(first: first, id: id))
        let records = batch.count
        tellSpool { _ in await spool.append(line, records: records, to: id, signal) }
    }

    /// Removes a file that need not be there any longer.
    func remove(_ id: UInt64, from spool: SpoolStore) {
        tellSpool { _ in await spool.remove(id) }
    }

    /// Lets the spool do something after all that it was asked for before: tasks may begin in any order.
    func tellSpool(_ body: @escaping @Sendable (isolated ExportPipeline) async -> Void) {
        lastWrite = Task { [previous = lastWrite] in
            await previous?.value
            await body(self)
        }
    }
}
