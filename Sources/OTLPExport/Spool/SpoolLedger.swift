// SPDX-License-Identifier: Apache-2.0

/// What is in the spool, and what has to go: bounded in bytes and in age, the oldest goes first. No I/O, no clock.
struct SpoolLedger: Sendable {
    /// A batch that has to go, and why.
    struct Loss: Sendable, Hashable {
        let entry: SpoolEntry
        let reason: SpoolDropReason
    }

    private let maximumBytes: Int
    private let maximumAge: UInt64
    /// The oldest first.
    private(set) var entries: [SpoolEntry] = []
    private(set) var totalBytes = 0
    /// What there is of each signal, by `Signal.index`: bytes, and batches that can be replayed.
    private(set) var totals = [(bytes: Int, batches: Int)](repeating: (0, 0), count: Signal.allCases.count)

    init(_ configuration: SpoolConfiguration) {
        maximumBytes = configuration.maximumBytes
        let seconds = UInt64(max(0, configuration.maximumAge.components.seconds))
        let (nanoseconds, isEndless) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        maximumAge = isEndless ? .max : nanoseconds
    }

    /// Takes a batch in.
    mutating func insert(_ entry: SpoolEntry) {
        let index = position(of: entry.id)
        entries.insert(entry, at: index)
        count(entry, 1)
    }

    /// Takes a batch out; nil when it is not there any longer.
    @discardableResult
    mutating func remove(_ id: UInt64) -> SpoolEntry? {
        let index = position(of: id)
        guard index < entries.count, entries[index].id == id else { return nil }
        count(entries[index], -1)
        return entries.remove(at: index)
    }

    /// Whether a file with this id is there.
    func contains(_ id: UInt64) -> Bool {
        let index = position(of: id)
        return index < entries.count && entries[index].id == id
    }

    /// What the file with this id takes; 0 when it is not there.
    func bytes(of id: UInt64) -> Int {
        let index = position(of: id)
        return index < entries.count && entries[index].id == id ? entries[index].bytes : 0
    }

    /// Marks a batch as damaged: it is never replayed.
    mutating func setAside(_ id: UInt64) -> SpoolEntry? {
        let index = position(of: id)
        guard index < entries.count, entries[index].id == id, entries[index].kind == .batch else { return nil }
        count(entries[index], -1)
        entries[index] = entries[index].corrupted
        count(entries[index], 1)
        return entries[index]
    }

    /// Takes out what has become too old at a time in nanoseconds since 1970. A clock that was set back makes nothing old.
    mutating func expire(at now: UInt64) -> [Loss] {
        let expired = entries.prefix { $0.id < now && now - $0.id > maximumAge }
        return takeOldest(expired.count, .age)
    }

    /// Takes out what has to go for so many more bytes; nil when they are more than may be in the spool at all.
    mutating func makeRoom(for bytes: Int, at now: UInt64) -> [Loss]? {
        guard bytes <= maximumBytes else { return nil }
        var losses = expire(at: now)
        var excess = totalBytes + bytes - maximumBytes
        let count = entries.prefix { entry in
            guard excess > 0 else { return false }
            excess -= entry.bytes
            return true
        }
        .count
        losses += takeOldest(count, .size)
        return losses
    }

    /// The batch that is to be replayed next.
    func oldest(of signal: Signal) -> SpoolEntry? {
        entries.first { $0.signal == signal && $0.kind == .batch }
    }

    private mutating func takeOldest(_ count: Int, _ reason: SpoolDropReason) -> [Loss] {
        let losses = entries.prefix(count).map { Loss(entry: $0, reason: reason) }
        entries.removeFirst(count)
        for loss in losses { self.count(loss.entry, -1) }
        return losses
    }

    private mutating func count(_ entry: SpoolEntry, _ sign: Int) {
        totalBytes += sign * entry.bytes
        totals[entry.signal.index].bytes += sign * entry.bytes
        totals[entry.signal.index].batches += entry.kind == .batch ? sign : 0
    }

    /// The index of the first batch that is not older.
    private func position(of id: UInt64) -> Int {
        // Nearly always at one of the ends.
        if let last = entries.last, last.id < id { return entries.count }
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
