// SPDX-License-Identifier: Apache-2.0

/// The size of a queue and of the batches that are made from it.
public struct QueueLimits: Sendable, Hashable {
    /// The greatest number of records that wait; further ones are dropped.
    public var records = 2048
    /// About how many bytes they may take; further ones are dropped.
    public var bytes = 16 << 20
    /// How many records make a batch; at most `records`.
    public var batchRecords = 512
    /// About how many bytes make a batch of fewer records.
    public var batchBytes = 4 << 20
    /// How long a record waits for others to make a batch with.
    public var delay: Duration

    /// The limits of the OpenTelemetry specification with this delay.
    public init(delay: Duration) {
        self.delay = delay
    }

    /// Spans: exported after 5 s at the latest.
    public static let spans = QueueLimits(delay: .seconds(5))
    /// Log records: exported after 1 s at the latest.
    public static let logs = QueueLimits(delay: .seconds(1))
}
