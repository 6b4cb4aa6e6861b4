// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import OTLPExport

@Suite struct ExportQueueTests {
    private func queue(records: Int = 10, bytes: Int = 1000, batch: Int = 3, batchBytes: Int = 1000) -> ExportQueue<Int>
    {
        var limits = QueueLimits(delay: .seconds(1))
        limits.records = records
        limits.bytes = bytes
        limits.batchRecords = batch
        limits.batchBytes = batchBytes
        return ExportQueue(limits: limits)
    }

    @Test func `wakes for the first record and for each complete batch`() {
        var queue = queue()
        let outcomes = (1...7).map { queue.append($0, bytes: 1) }
        let wakes = [true, false, true, false, false, true, false]
        #expect(outcomes == wakes.map { .queued(wakes: $0) })
        #expect(queue.hasCompleteBatch)
        #expect([queue.takeBatch(), queue.takeBatch(), queue.takeBatch()] == [[1, 2, 3], [4, 5, 6], [7]])
        #expect(queue.isEmpty && !queue.hasCompleteBatch && queue.takeBatch().isEmpty)
        #expect(queue.append(8, bytes: 1) == .queued(wakes: true))
    }

    @Test func `drops the newest beyond its number of records`() {
        var queue = queue(records: 4)
        let outcomes = (1...6).map { queue.append($0, bytes: 1) }
        #expect(outcomes.suffix(2) == [.dropped, .dropped])
        #expect((queue.count, queue.addedCount) == (4, 4))
        #expect(queue.takeBatch() == [1, 2, 3])
        #expect(queue.append(7, bytes: 1) == .queued(wakes: false))
        #expect(queue.takeBatch() == [4, 7])
    }

    @Test func `drops the newest beyond its bytes and has room again afterwards`() {
        var queue = queue(bytes: 100)
        #expect(queue.append(1, bytes: 60) == .queued(wakes: true))
        #expect(queue.append(2, bytes: 41) == .dropped)
        #expect(queue.append(3, bytes: 40) == .queued(wakes: false))
        #expect(queue.append(4, bytes: 0) == .queued(wakes: true))
        #expect(queue.byteCount == 100)
        #expect(queue.takeBatch() == [1, 3, 4])
        #expect(queue.byteCount == 0)
        #expect(queue.append(5, bytes: 101) == .dropped)
    }

    @Test func `gives news away once, by batches, and wakes for the first of them`() {
        var queue = queue()
        #expect(!queue.hasNews)
        for record in 1...4 { _ = queue.append(record, bytes: 1) }
        var news = queue.takeNews()
        #expect(news.map(\.first) == [0, 3])
        #expect(news.map(\.records) == [[1, 2, 3], [4]])
        #expect(!queue.hasNews && queue.takeNews().isEmpty)
        #expect(queue.append(5, bytes: 1) == .queued(wakes: true))
        #expect(queue.hasNews)
        for record in 6...7 { _ = queue.append(record, bytes: 1) }
        #expect(queue.append(8, bytes: 1) == .queued(wakes: false))
        #expect(queue.takeBatch() == [1, 2, 3])
        news = queue.takeNews()
        #expect(news.map(\.first) == [3, 6])
        #expect(news.map(\.records) == [[5, 6], [7, 8]])
        queue.ignoreNews()
        #expect(queue.append(9, bytes: 1) == .queued(wakes: true))
        #expect(queue.append(10, bytes: 1) == .queued(wakes: false))
        #expect(queue.takeNews().map(\.records) == [[4, 5, 6], [7, 8, 9], [10]])
    }

    @Test func `completes a batch that is large in bytes`() {
        var queue = queue(batchBytes: 50)
        #expect(queue.append(1, bytes: 49) == .queued(wakes: true))
        #expect(!queue.hasCompleteBatch)
        #expect(queue.append(2, bytes: 1) == .queued(wakes: true))
        #expect(queue.hasCompleteBatch)
        #expect(queue.takeBatch() == [1, 2])
    }
}
