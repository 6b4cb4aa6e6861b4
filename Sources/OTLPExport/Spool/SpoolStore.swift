// SPDX-License-Identifier: Apache-2.0

internal import Locking
internal import Transfer

/// The spool of one pipeline: keeps the ledger and does what it says, on a thread of its own, so that a disk that is slow or
/// hangs holds up no export. Calls are done in the order in which they are made.
actor SpoolStore {
    /// Told of changes, on the spool's thread.
    typealias Observer = @Sendable (SpoolChange, Signal) -> Void

    nonisolated let configuration: SpoolConfiguration
    private nonisolated let executor = PollExecutor(name: "otlp-spool")
    private nonisolated let gauge = Locked(SpoolGauge())
    private nonisolated let watcher = Locked<(@Sendable () -> Void)?>(nil)
    private let compression: [Signal: OTLPConfiguration.Compression]
    private let largestBody: Int
    private let now: @Sendable () -> UInt64
    private let observer: Observer

    private var folder: SpoolFolder?
    private var ledger: SpoolLedger
    /// What the draft of a batch that is still being gathered has.
    private struct Draft {
        var bytes = 0
        var records = 0
        /// Whether its last line may be cut short.
        var isTorn = false
    }

    private var drafts: [UInt64: Draft] = [:]
    /// Files that nobody wants any longer and that could not be removed, for the folder was not open.
    private var removed: Set<UInt64> = []
    private var problem: (text: String, isOfWriting: Bool)?
    private var hasDamage = false
    private var isClosed = false
    /// What was told of already, until something is replayed.
    private var dropping: Set<SpoolDropReason> = []

    /// A spool whose folder is opened by the first call.
    init(
        _ spool: SpoolConfiguration,
        _ configuration: OTLPConfiguration,
        now: @escaping @Sendable () -> UInt64,
        observer: @escaping Observer
    ) {
        self.configuration = spool
        compression = Signal.allCases.reduce(into: [:]) { $0[$1] = configuration[$1]?.compression }
        largestBody = configuration.maximumRequestBytes
        self.now = now
        self.observer = observer
        ledger = SpoolLedger(spool)
    }

    /// The thread that it runs on.
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// Starts the thread; to be called once.
    nonisolated func start() {
        executor.start { nil }
    }

    /// Ends the thread after what was asked for so far.
    nonisolated func stop() {
        executor.stop()
    }

    // MARK: What the export thread looks at, without waiting for the disk

    /// What it holds of a signal.
    nonisolated func statistics(of signal: Signal) -> SpoolStatistics {
        gauge.withLock { $0.statistics[signal.index] }
    }

    /// Lets somebody be called after each change of the statistics, on the thread that made it, who would have to look again
    /// and again otherwise.
    nonisolated func watch(_ body: @escaping @Sendable () -> Void) {
        watcher.withLock { $0 = body }
    }

    private nonisolated func count(_ change: (inout SpoolGauge) -> Void) {
        gauge.withLock { change(&$0) }
        watcher.withLock { $0 }?()
    }

    /// Whether the folder is worth a try, and if not, when it is.
    nonisolated func usability(at time: ContinuousClock.Instant) -> (isUsable: Bool, from: ContinuousClock.Instant?) {
        gauge.withLock { gauge in
            guard let until = gauge.pausedUntil, until > time else { return (true, nil) }
            return (false, until)
        }
    }

    /// Whether the folder is open and its contents are known.
    nonisolated var isOpen: Bool { gauge.withLock { $0.isOpen } }

    /// Whether a batch can be taken without much waiting to be written.
    nonisolated func takes(at time: ContinuousClock.Instant) -> Bool {
        guard usability(at: time).isUsable else { return false }
        return gauge.withLock { $0.pendingBytes < configuration.maximumPendingBytes }
    }

    /// Counts so many bytes as waiting to be written from now on; returns their file's id, a new one if there is none yet.
    nonisolated func announce(bytes: Int, to id: UInt64? = nil) -> UInt64 {
        let time = now()
        return gauge.withLock { gauge in
            gauge.pendingBytes += bytes
            return id ?? gauge.nextID(at: time)
        }
    }

    /// Counts records that are lost.
    nonisolated func drop(_ records: Int, of signal: Signal, _ reason: SpoolDropReason) {
        count { $0.drop(records, of: signal, reason) }
    }

    // MARK: What the thread does

    /// Lets go of the folder for good, when all that was asked for before is done.
    func close() {
        isClosed = true
        folder = nil
    }

    /// Appends a line with so many records that was announced to the draft with this id, the batch of which somebody else
    /// has, too.
    func append(_ line: [UInt8], records: Int, to id: UInt64, _ signal: Signal) {
        defer { gauge.withLock { $0.pendingBytes -= line.count } }
        guard isReady(for: signal) else { return }
        drop(ledger.expire(at: now()))
        var draft = drafts[id] ?? Draft()
        let bytes = draft.isTorn ? [0x0A] + line : line
        let size = SpoolEntry.blocks(draft.bytes + bytes.count)
        // What is in memory, too, pushes nothing out that is not: the batch itself will.
        guard ledger.totalBytes - ledger.bytes(of: id) + size <= configuration.maximumBytes else { return }
        let entry = SpoolEntry(id: id, signal: signal, kind: .draft, bytes: size)
        do throws(SpoolError) {
            try folder?.append(bytes, to: entry.name)
        } catch {
            draft.isTorn = true
            drafts[id] = draft
            return pause(error, isOfWriting: true, signal)
        }
        works(signal)
        drafts[id] = Draft(bytes: draft.bytes + bytes.count, records: draft.records + records)
        ledger.remove(id)
        ledger.insert(entry)
        publish()
    }

    /// Writes a batch that was announced, in place of its draft if it has one; returns why it is lost, or nil.
    /// - Parameter isSpare: whether somebody else has the batch, too.
    func put(_ id: UInt64, _ signal: Signal, records: Int, compressed body: [UInt8], isSpare: Bool = false)
        -> SpoolDropReason?
    {
        let bytes = SpoolFile.encode(compressed: body)
        defer { gauge.withLock { $0.pendingBytes -= body.count } }
        guard isReady(for: signal) else { return failed(id, records: records, isSpare: isSpare) }
        let entry = SpoolEntry(id: id, signal: signal, records: records, bytes: SpoolEntry.blocks(bytes.count))
        // The room of the draft is the batch's, but the file stays until the batch is there.
        let draft = ledger.remove(id)
        let losses = ledger.makeRoom(for: entry.bytes, at: now())
        if let draft { ledger.insert(draft) }
        guard let losses else {
            begin(dropping: .size, signal)
            remove(id)
            return .size
        }
        drop(losses)
        do throws(SpoolError) {
            try write(bytes, to: entry.name)
        } catch {
            pause(error, isOfWriting: true, signal)
            return failed(id, records: records, isSpare: isSpare)
        }
        works(signal)
        remove(id)
        ledger.insert(entry)
        count { $0.statistics[signal.index].stored += UInt64(records) }
        publish()
        return nil
    }

    /// A batch could not be written; returns why it is lost. A draft that has all of it takes its place: it becomes a batch
    /// when the folder can be used again.
    private func failed(_ id: UInt64, records: Int, isSpare: Bool) -> SpoolDropReason? {
        if !isSpare, drafts[id]?.records == records {
            drafts[id] = nil
            return nil
        }
        remove(id)
        return .writeFailed
    }

    /// Reads the oldest batch of a signal, which stays in the spool; nil when there is none or the folder cannot be used.
    func next(of signal: Signal) -> SpooledBatch? {
        guard isReady(for: signal) else { return nil }
        drop(ledger.expire(at: now()))
        while let entry = ledger.oldest(of: signal) {
            let bytes = folder?.read(entry.name)
            let isCompressed = compression[signal] == .gzip
            if let bytes, let content = SpoolFile.decode(bytes, compressed: isCompressed, limit: largestBody) {
                hasDamage = false
                return SpooledBatch(id: entry.id, records: entry.records, content: content)
            }
            setAside(entry)
        }
        return nil
    }

    /// Removes a batch: it was replayed, it is lost, or the spool need not keep it any longer (nil, nil).
    func remove(_ id: UInt64, replayed: Int? = nil, lost reason: SpoolDropReason? = nil) {
        let hadDraft = drafts.removeValue(forKey: id) != nil
        let entry = ledger.remove(id)
        if folder == nil, hadDraft || entry != nil { removed.insert(id) }
        guard let entry else { return }
        folder?.delete(entry.name)
        if let reason { drop(entry.records, of: entry.signal, reason) }
        if let replayed {
            count { $0.statistics[entry.signal.index].replayed += UInt64(replayed) }
            dropping = []
        }
        publish()
    }

    private func write(_ bytes: [UInt8], to name: String) throws(SpoolError) {
        // Cannot be nil: `isReady` comes first.
        try folder?.write(bytes, to: name)
    }

    // MARK: The folder

    private func isReady(for signal: Signal) -> Bool {
        guard !isClosed, usability(at: .now).isUsable else { return false }
        guard folder == nil else { return true }
        do throws(SpoolError) {
            let folder = try SpoolFolder(path: configuration.directory)
            var entries = try folder.list().sorted { $0.id < $1.id }
            for entry in entries where removed.contains(entry.id) { folder.delete(entry.name) }
            entries.removeAll { removed.contains($0.id) }
            removed = []
            let found = Set(entries.lazy.filter { $0.kind == .draft }.map(\.id))
            drafts = drafts.filter { found.contains($0.key) }
            ledger = SpoolLedger(configuration)
            for entry in entries where entry.kind != .draft { ledger.insert(entry) }
            for entry in entries where entry.kind == .draft { adopt(entry, in: folder) }
            self.folder = consume folder
        } catch {
            pause(error, isOfWriting: false, signal)
            return false
        }
        let newest = ledger.entries.last?.id ?? 0
        gauge.withLock { gauge in
            gauge.lastID = max(gauge.lastID, newest)
            gauge.isOpen = true
        }
        // That the folder is there does not mean that the disk has room.
        if problem?.isOfWriting != true { works(signal) }
        drop(ledger.makeRoom(for: 0, at: now()) ?? [])
        publish()
        return true
    }

    /// Makes a batch of a draft that nobody adds to any longer, for its process ended or its batch could not be written.
    private func adopt(_ draft: SpoolEntry, in folder: borrowing SpoolFolder) {
        guard drafts[draft.id] == nil else { return ledger.insert(draft) }
        // Its process may have been ended between the two.
        let isWritten = ledger.contains(draft.id)
        let file = isWritten ? nil : folder.read(draft.name)
        guard let (body, records) = file.flatMap({ SpoolDraft.join($0, of: draft.signal) }) else {
            return folder.delete(draft.name)
        }
        var compressed: [UInt8] = []
        do {
            var gzip = try Gzip()
            gzip.compress(body, into: &compressed)
            let bytes = SpoolFile.encode(compressed: compressed)
            let blocks = SpoolEntry.blocks(bytes.count)
            let entry = SpoolEntry(id: draft.id, signal: draft.signal, records: records, bytes: blocks)
            try folder.write(bytes, to: entry.name)
            folder.delete(draft.name)
            ledger.insert(entry)
        } catch {
            // No room for it: it is tried again when the folder is opened the next time.
            ledger.insert(draft)
        }
    }

    private func pause(_ error: SpoolError, isOfWriting: Bool, _ signal: Signal) {
        let until = ContinuousClock.now + configuration.pause
        gauge.withLock { $0.pausedUntil = until }
        // Opened anew after the pause: it may have been removed, or be another file system then.
        folder = nil
        gauge.withLock { $0.isOpen = false }
        guard problem?.text != error.description else { return }
        problem = (error.description, isOfWriting)
        observer(.failing(details: error.description), signal)
    }

    private func works(_ signal: Signal) {
        guard problem != nil else { return }
        problem = nil
        gauge.withLock { $0.pausedUntil = nil }
        observer(.recovered, signal)
    }

    private func setAside(_ entry: SpoolEntry) {
        drop(entry.records, of: entry.signal, .corrupt)
        guard let aside = ledger.setAside(entry.id), folder?.rename(entry.name, to: aside.name) == true else {
            // It is gone, or stays as it is until the next start.
            ledger.remove(entry.id)
            return publish()
        }
        publish()
        guard !hasDamage else { return }
        hasDamage = true
        observer(.setAside(file: aside.name), entry.signal)
    }

    private func drop(_ losses: [SpoolLedger.Loss]) {
        for loss in losses {
            folder?.delete(loss.entry.name)
            drafts[loss.entry.id] = nil
            // Those that were set aside have been counted, and those of a draft are not lost yet.
            if loss.entry.kind == .batch {
                drop(loss.entry.records, of: loss.entry.signal, loss.reason)
                begin(dropping: loss.reason, loss.entry.signal)
            }
        }
        if !losses.isEmpty { publish() }
    }

    private func begin(dropping reason: SpoolDropReason, _ signal: Signal) {
        guard dropping.insert(reason).inserted else { return }
        observer(.dropping(reason), signal)
    }

    private func publish() {
        let totals = ledger.totals
        count { gauge in
            for (index, total) in totals.enumerated() {
                gauge.statistics[index].bytes = total.bytes
                gauge.statistics[index].batches = total.batches
            }
        }
    }
}
