// SPDX-License-Identifier: Apache-2.0

extension OTLPEnvironment {
    /// How records are batched ("Batch Span Processor", "Batch LogRecord Processor").
    public struct Batching: Sendable, Hashable {
        /// `…_SCHEDULE_DELAY`: how long a record waits for others.
        public private(set) var delay: Duration?
        /// `…_EXPORT_TIMEOUT`: how long an export may take, repeated attempts included.
        public private(set) var exportTimeout: Duration?
        /// `…_MAX_QUEUE_SIZE`: how many records may wait.
        public private(set) var queueSize: Int?
        /// `…_MAX_EXPORT_BATCH_SIZE`: how many records make a batch; at most as many as may wait.
        public private(set) var batchSize: Int?

        init() {}

        init(_ prefix: String, with reader: inout EnvironmentReader, defaults: QueueLimits) {
            delay = reader.milliseconds("\(prefix)_SCHEDULE_DELAY")
            exportTimeout = reader.timeout("\(prefix)_EXPORT_TIMEOUT")
            queueSize = reader.count("\(prefix)_MAX_QUEUE_SIZE", from: 1)
            let name = "\(prefix)_MAX_EXPORT_BATCH_SIZE"
            batchSize = reader.count(name, from: 1)
            let limit = queueSize ?? defaults.records
            if let size = batchSize, size > limit {
                reader.warn(name, "a batch of \(size) is larger than the queue of \(limit); \(limit) is used")
                batchSize = limit
            }
        }

        /// Changes what is set.
        func apply(to limits: inout QueueLimits) {
            if let delay { limits.delay = delay }
            if let queueSize { limits.records = queueSize }
            // A small queue is full before it has a batch of the default size.
            limits.batchRecords = min(batchSize ?? limits.batchRecords, limits.records)
        }
    }
}
