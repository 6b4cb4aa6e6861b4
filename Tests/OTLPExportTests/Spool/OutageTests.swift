// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

@testable import OTLPExport

/// An hour without a collector, in virtual time: the rules of lane, queue, desk and ledger together, without threads, disk
/// or network. The order of steps is that of `ExportPipeline.advanceAll`.
@Suite struct OutageTests {
    private struct Simulation {
        typealias Instant = ContinuousClock.Instant

        let start = ContinuousClock.now
        var now: Instant
        var lane = ExportLane()
        var queue = ExportQueue<Int>(limits: .spans)
        var desk = SpoolDesk(retry: Retry())
        var ledger: SpoolLedger
        var contents: [UInt64: [Int]] = [:]
        var isDown = true

        var nextRecord = 0
        var sending: [Int] = []
        var isReplay = false
        var delivered: [(time: Instant, records: [Int], isReplay: Bool)] = []
        var lost: [SpoolDropReason: Int] = [:]
        var overflowed = 0
        var attempts = 0
        var largestQueue = 0
        /// Records that the end of the process at the worst moment would lose.
        var mostAtRisk = 0

        init(maximumBytes: Int) {
            now = start
            var configuration = SpoolConfiguration(directory: "")
            configuration.maximumBytes = maximumBytes
            ledger = SpoolLedger(configuration)
        }

        private var nanoseconds: UInt64 {
            let time = (now - start).components
            return 1 + UInt64(time.seconds) * 1_000_000_000 + UInt64(time.attoseconds / 1_000_000_000)
        }

        mutating func record() {
            if queue.append(nextRecord, bytes: 300) == .dropped { overflowed += 1 }
            nextRecord += 1
            largestQueue = max(largestQueue, queue.byteCount)
        }

        mutating func store(_ records: [Int]) -> UInt64 {
            let id = max(nanoseconds, (ledger.entries.last?.id ?? 0) + 1)
            let bytes = SpoolEntry.blocks(records.count * 92)
            for loss in ledger.makeRoom(for: bytes, at: nanoseconds) ?? [] {
                lost[loss.reason, default: 0] += loss.entry.records
                contents[loss.entry.id] = nil
            }
            ledger.insert(SpoolEntry(id: id, signal: .traces, records: records.count, bytes: bytes))
            contents[id] = records
            return id
        }

        /// What is done at a moment; a request is answered at once.
        mutating func turn() {
            while replay() || fresh() {}
            spill()
            let copied = desk.copy == nil ? sending.count : 0
            mostAtRisk = max(mostAtRisk, queue.count + copied)
        }

        private mutating func replay() -> Bool {
            guard lane.isIdle, (lane.pausedUntil ?? now) <= now, let entry = ledger.oldest(of: .traces),
                desk.schedule.step(at: now, freshIsWaiting: queue.hasCompleteBatch) == .replay
            else { return false }
            desk.schedule.began(at: now)
            attempts += 1
            guard !isDown else {
                desk.schedule.failed(at: now, retryAfter: nil, random: 0.5)
                return true
            }
            desk.schedule.succeeded(at: now)
            ledger.remove(entry.id)
            delivered.append((now, contents.removeValue(forKey: entry.id) ?? [], true))
            return true
        }

        private mutating func fresh() -> Bool {
            let step = lane.step(
                at: now,
                queueIsEmpty: queue.isEmpty,
                hasCompleteBatch: queue.hasCompleteBatch,
                delay: .seconds(5),
                urgent: false
            )
            switch step {
            case .wait, .collect, .begin: return false
            case .take:
                sending = queue.takeBatch()
                desk.schedule.freshBegan()
                if desk.isTroubled { desk.copy = store(sending) }
                attempt(
                    ExportOperation(
                        batch: .spans([]),
                        isHalf: false,
                        body: [],
                        isCompressed: false,
                        began: now,
                        deadline: now + .seconds(30)
                    )
                )
            case .attempt(let operation): attempt(operation)
            }
            return true
        }

        private mutating func attempt(_ operation: ExportOperation) {
            var operation = operation
            operation.attempts += 1
            attempts += 1
            lane.began(operation)
            let outcome = lane.finished(
                isDown ? .refused(.status(503), retryAfter: nil, details: "") : .accepted(nil),
                at: now,
                remaining: operation.deadline - now,
                retry: Retry(),
                random: 0.5,
                keeps: true
            )
            switch outcome {
            case .delivered:
                desk.schedule.succeeded(at: now)
                delivered.append((now, sending, false))
                if let id = desk.copy.take() {
                    ledger.remove(id)
                    contents[id] = nil
                }
                sending = []
            case .dropped:
                desk.schedule.failed(at: now, retryAfter: nil, random: 0.5)
                if desk.copy == nil { desk.copy = store(sending) }
                desk.copy = nil
                sending = []
            default:
                desk.schedule.failed(at: now, retryAfter: nil, random: 0.5)
                if desk.copy == nil { desk.copy = store(sending) }
            }
        }

        private mutating func spill() {
            guard !lane.isIdle || (lane.pausedUntil ?? now) > now else { return desk.laneIsFree() }
            while true {
                let step = desk.step(
                    at: now,
                    queueIsEmpty: queue.isEmpty,
                    hasCompleteBatch: queue.hasCompleteBatch,
                    isCrowded: queue.isCrowded,
                    delay: .seconds(5),
                    urgent: false
                )
                guard step == .spill else { return }
                _ = store(queue.takeBatch())
            }
        }

        /// Lets time pass in steps of 100 ms, with so many records in each.
        mutating func run(for duration: Duration, recordsPerStep: Int) {
            let end = now + duration
            while now < end {
                for _ in 0..<recordsPerStep { record() }
                turn()
                now += .milliseconds(100)
            }
        }
    }

    @Test func `an hour without a collector costs no record and no memory`() {
        var simulation = Simulation(maximumBytes: 64 << 20)
        simulation.run(for: .seconds(3600), recordsPerStep: 10)
        #expect(simulation.delivered.isEmpty)
        #expect(simulation.overflowed == 0)
        // A batch of 512 and what comes within a step, however long it lasts.
        #expect(simulation.largestQueue <= 522 * 300)
        #expect(simulation.mostAtRisk <= 512)
        #expect(simulation.lane.outstandingCount <= 512)
        // Five attempts for each batch that gets any: after 0 s, 1 s, 3 s, 7 s and 15 s.
        #expect((1000...1300).contains(simulation.attempts))
        #expect(simulation.ledger.totalBytes < 64 << 20)

        simulation.isDown = false
        let back = simulation.now
        simulation.run(for: .seconds(600), recordsPerStep: 10)
        #expect(simulation.lost.isEmpty)
        #expect(simulation.ledger.entries.isEmpty)
        let all = simulation.delivered.flatMap(\.records)
        // What is left is in the queue.
        #expect(all.count + simulation.queue.count == simulation.nextRecord)
        #expect(Set(all).count == all.count)
        let replayed = simulation.delivered.filter(\.isReplay)
        #expect(replayed.flatMap(\.records) == replayed.flatMap(\.records).sorted())
        for pair in zip(replayed, replayed.dropFirst()) {
            #expect(pair.1.time - pair.0.time >= SpoolConfiguration.defaultReplaySpacing)
        }
        // Fresh records wait no longer than ever: 5 s, once the collector was found again within 45 s.
        let fresh = simulation.delivered.filter { !$0.isReplay && $0.time > back + .seconds(60) }
        #expect(fresh.count > 100)
        for batch in fresh {
            let oldest = simulation.start + .milliseconds(100) * (batch.records.first ?? 0) / 10
            #expect(batch.time - oldest <= .seconds(6))
        }
    }

    @Test func `a spool that is too small for the outage keeps the newest`() {
        var simulation = Simulation(maximumBytes: 1 << 20)
        simulation.run(for: .seconds(3600), recordsPerStep: 10)
        #expect(simulation.ledger.totalBytes <= 1 << 20)
        #expect(simulation.lost.keys.elementsEqual([.size]))
        let lost = simulation.lost[.size, default: 0]
        #expect(lost > 100_000)
        simulation.isDown = false
        simulation.run(for: .seconds(600), recordsPerStep: 10)
        let all = simulation.delivered.flatMap(\.records)
        #expect(all.count + simulation.queue.count + lost == simulation.nextRecord)
        // Exactly the oldest are missing.
        #expect(all.min() == lost)
    }

    @Test func `replays to a collector that nothing new is sent to`() {
        var simulation = Simulation(maximumBytes: 1 << 20)
        simulation.run(for: .seconds(120), recordsPerStep: 1)
        simulation.isDown = false
        simulation.run(for: .seconds(120), recordsPerStep: 0)
        #expect(simulation.delivered.flatMap(\.records).count == 1200)
        #expect(simulation.ledger.entries.isEmpty)
    }
}
