// SPDX-License-Identifier: Apache-2.0

/// One file of the spool. Its name says everything about it, so that no file has to be read to know what there is.
struct SpoolEntry: Sendable, Hashable {
    /// What a file is.
    enum Kind: Sendable, Hashable {
        /// A batch that can be sent.
        case batch
        /// What a batch that is being gathered has so far, a line for each time something was added.
        case draft
        /// A batch that is damaged: kept for people to look at, within the same limits.
        case corrupt
    }

    /// When it was made, in nanoseconds since 1970; unique.
    let id: UInt64
    let signal: Signal
    let kind: Kind
    /// Spans or log records; 0 in a draft, which has them somewhere else, too, as long as it is one.
    let records: Int
    /// What it takes of the disk.
    let bytes: Int

    static let suffix = ".jsonl.gz"
    static let corruptSuffix = ".corrupt"
    static let draftSuffix = "draft.jsonl"

    /// The bytes of a file in whole blocks, as file systems count them.
    static func blocks(_ bytes: Int) -> Int {
        (max(1, bytes) + 4095) / 4096 * 4096
    }

    /// The name of the file, such as `traces-01790000000000000000-512.jsonl.gz`: in order of age by name.
    var name: String {
        let digits = String(id)
        let start = "\(signal.rawValue)-" + String(repeating: "0", count: max(0, 20 - digits.count)) + digits + "-"
        return switch kind {
        case .batch: start + "\(records)\(SpoolEntry.suffix)"
        case .draft: start + SpoolEntry.draftSuffix
        case .corrupt: start + "\(records)\(SpoolEntry.suffix)\(SpoolEntry.corruptSuffix)"
        }
    }

    init(id: UInt64, signal: Signal, kind: Kind = .batch, records: Int = 0, bytes: Int) {
        self.id = id
        self.signal = signal
        self.kind = kind
        self.records = records
        self.bytes = bytes
    }

    /// Reads a file's name; nil when it is none of the spool's.
    init?(name: String, bytes: Int) {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let signal = Signal(rawValue: String(parts[0])), signal != .metrics,
            let id = UInt64(parts[1]), let (kind, records) = SpoolEntry.read(end: parts[2])
        else { return nil }
        self.init(id: id, signal: signal, kind: kind, records: records, bytes: bytes)
        guard self.name == name else { return nil }
    }

    private static func read(end: Substring) -> (Kind, records: Int)? {
        guard end != draftSuffix else { return (.draft, 0) }
        let isCorrupt = end.hasSuffix(corruptSuffix)
        let rest = isCorrupt ? end.dropLast(corruptSuffix.count) : end
        guard rest.hasSuffix(suffix), let records = Int(rest.dropLast(suffix.count)), records >= 0 else { return nil }
        return (isCorrupt ? .corrupt : .batch, records)
    }

    /// The same batch, known to be damaged.
    var corrupted: SpoolEntry {
        SpoolEntry(id: id, signal: signal, kind: .corrupt, records: records, bytes: bytes)
    }
}
