// SPDX-License-Identifier: Apache-2.0

/// What the export thread and the thread of the spool share.
struct SpoolGauge: Sendable {
    /// Bytes that wait to be written.
    var pendingBytes = 0
    /// Whether the folder is open and its contents are known.
    var isOpen = false
    /// Until when the folder is left alone.
    var pausedUntil: ContinuousClock.Instant?
    /// The newest id.
    var lastID: UInt64 = 0
    /// By `Signal.index`.
    var statistics = [SpoolStatistics](repeating: SpoolStatistics(), count: Signal.allCases.count)

    /// An id that is newer than all others.
    mutating func nextID(at now: UInt64) -> UInt64 {
        lastID = max(now, lastID + 1)
        return lastID
    }

    /// Counts records that are lost.
    mutating func drop(_ records: Int, of signal: Signal, _ reason: SpoolDropReason) {
        guard records > 0 else { return }
        statistics[signal.index].dropped[reason, default: 0] += UInt64(records)
    }
}
