// SPDX-License-Identifier: Apache-2.0

/// One batch in the spool. Its file's name says everything about it, so that no file has to be read to know what there is.
struct SpoolEntry: Sendable, Hashable {
    /// When it was made, in nanoseconds since 1970; unique.
    let id: UInt64
    let signal: Signal
    /// Spans or log records.
    let records: Int
    /// What it takes of the disk.
    let bytes: Int
    /// Whether the file is damaged; it is kept for people to look at, within the same limits.
    var isCorrupt = false

    static let suffix = ".jsonl.gz"
    static let corruptSuffix = ".corrupt"

    /// The bytes of a file in whole blocks, as file systems count them.
    static func blocks(_ bytes: Int) -> Int {
        (max(1, bytes) + 4095) / 4096 * 4096
    }

    /// The name of the file, such as `traces-01790000000000000000-512.jsonl.gz`: in order of age by name.
    var name: String {
        let digits = String(id)
        let padded = String(repeating: "0", count: max(0, 20 - digits.count)) + digits
        let name = "\(signal.rawValue)-\(padded)-\(records)\(SpoolEntry.suffix)"
        return isCorrupt ? name + SpoolEntry.corruptSuffix : name
    }

    init(id: UInt64, signal: Signal, records: Int, bytes: Int) {
        self.id = id
        self.signal = signal
        self.records = records
        self.bytes = bytes
    }

    /// Reads a file's name; nil when it is none of the spool's.
    init?(name: String, bytes: Int) {
        var rest = name[...]
        isCorrupt = rest.hasSuffix(SpoolEntry.corruptSuffix)
        if isCorrupt { rest = rest.dropLast(SpoolEntry.corruptSuffix.count) }
        guard rest.hasSuffix(SpoolEntry.suffix) else { return nil }
        let parts = rest.dropLast(SpoolEntry.suffix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let signal = Signal(rawValue: String(parts[0])), signal != .metrics,
            let id = UInt64(parts[1]), let records = Int(parts[2]), records >= 0
        else { return nil }
        self.id = id
        self.signal = signal
        self.records = records
        self.bytes = bytes
        guard self.name == name else { return nil }
    }
}
