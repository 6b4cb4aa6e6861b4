// SPDX-License-Identifier: Apache-2.0

/// What the spool holds of one signal, and what became of it since the start.
public struct SpoolStatistics: Sendable, Hashable {
    /// Bytes on the disk, in whole blocks.
    public var bytes = 0
    /// Batches that wait to be replayed.
    public var batches = 0
    /// Records that were written.
    public var stored: UInt64 = 0
    /// Records that a collector took later.
    public var replayed: UInt64 = 0
    /// Records that are lost, by reason.
    public var dropped: [SpoolDropReason: UInt64] = [:]

    /// Nothing yet.
    public init() {}
}
