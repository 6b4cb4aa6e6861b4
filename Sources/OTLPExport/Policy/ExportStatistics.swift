// SPDX-License-Identifier: Apache-2.0

/// What the export of one signal came to since the start. All counts only grow.
public struct ExportStatistics: Sendable, Hashable {
    /// Spans, points or records that a collector accepted.
    public var exported: UInt64 = 0
    /// Those that were not, by `error.type`: given up, too large, or refused by the collector (`rejected`).
    public var failed: [String: UInt64] = [:]
    /// Those that never got into the queue, by `error.type`: `queue_full` or `already_shutdown`.
    public var dropped: [String: UInt64] = [:]
    /// Requests that were sent.
    public var requests: UInt64 = 0
    /// Requests among them that repeated an earlier one.
    public var retries: UInt64 = 0
    /// Bytes of JSON, counted once per batch.
    public var rawBytes: UInt64 = 0
    /// Bytes of request bodies, after compression, of every request.
    public var sentBytes: UInt64 = 0
    /// When a collector last accepted something, in nanoseconds since 1970; 0 when none did.
    public var lastSuccess: UInt64 = 0
    /// Spans or records that wait in the queue.
    public var queued = 0
    /// Spans, points or records that were taken to be exported and are neither accepted nor given up.
    public var inflight = 0

    /// Nothing yet.
    public init() {}

    /// All that failed, whatever the reason.
    public var failedTotal: UInt64 {
        failed.values.reduce(0, +)
    }

    /// All that was dropped, whatever the reason.
    public var droppedTotal: UInt64 {
        dropped.values.reduce(0, +)
    }
}
