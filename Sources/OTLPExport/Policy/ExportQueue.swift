// SPDX-License-Identifier: Apache-2.0

/// Records that wait for export, in batches, bounded in number and in bytes. What does not fit is dropped and counted.
struct ExportQueue<Record: Sendable>: Sendable {
    /// What became of a record.
    enum Outcome: Sendable, Hashable {
        /// It is in the queue. The exporter has to be woken for the first one, when a batch is complete, and for the first
        /// one that is news to who asks for them.
        case queued(wakes: Bool)
        /// There was no room.
        case dropped
    }

    private let limits: QueueLimits
    private var filling: [Record] = []
    private var fillingBytes = 0
    private var complete: [(records: [Record], bytes: Int)] = []
    /// Records in the queue.
    private(set) var count = 0
    /// The sum of the sizes that the records in the queue were added with.
    private(set) var byteCount = 0
    /// Records ever added.
    private(set) var addedCount: UInt64 = 0
    /// How many of them `takeNews` has given away; nil when nobody asks for news.
    private var toldCount: UInt64?

    init(limits: QueueLimits) {
        self.limits = limits
    }

    /// Whether there is no record.
    var isEmpty: Bool { count == 0 }

    /// Whether there is a batch of full size.
    var hasCompleteBatch: Bool { !complete.isEmpty }

    /// Whether half of the room is taken.
    var isCrowded: Bool { count > limits.records / 2 || byteCount > limits.bytes / 2 }

    /// Whether there is something that `takeNews` has not given away.
    var hasNews: Bool { count > 0 && toldCount.map { $0 < addedCount } ?? true }

    /// Adds a record of about that many bytes, or drops it when the queue is full.
    mutating func append(_ record: Record, bytes: Int) -> Outcome {
        guard count < limits.records, bytes <= limits.bytes - byteCount else { return .dropped }
        let isFirst = isEmpty || toldCount == addedCount
        filling.append(record)
        fillingBytes += bytes
        count += 1
        byteCount += bytes
        addedCount += 1
        guard filling.count >= limits.batchRecords || fillingBytes >= limits.batchBytes else {
            return .queued(wakes: isFirst)
        }
        complete.append((filling, fillingBytes))
        filling = []
        filling.reserveCapacity(limits.batchRecords)
        fillingBytes = 0
        return .queued(wakes: true)
    }

    /// Takes the oldest batch out, complete or not; empty when the queue is.
    mutating func takeBatch() -> [Record] {
        let batch: (records: [Record], bytes: Int)
        if complete.isEmpty {
            batch = (filling, fillingBytes)
            filling = []
            fillingBytes = 0
        } else {
            batch = complete.removeFirst()
        }
        count -= batch.records.count
        byteCount -= batch.bytes
        return batch.records
    }

    /// A copy of what is in the queue and was not given away by the last call, by batches. `first` is the number of the batch's
    /// first record, counted from the first that was ever added.
    mutating func takeNews() -> [(first: UInt64, records: [Record])] {
        var first = addedCount - UInt64(count)
        let told = max(toldCount ?? 0, first)
        var news: [(first: UInt64, records: [Record])] = []
        for records in complete.map(\.records) + [filling] {
            let end = first + UInt64(records.count)
            if end > told { news.append((first, Array(records.suffix(Int(end - max(first, told)))))) }
            first = end
        }
        toldCount = addedCount
        return news
    }

    /// Nobody asks for news any longer; who does again gets everything that is in the queue.
    mutating func ignoreNews() {
        toldCount = nil
    }
}
