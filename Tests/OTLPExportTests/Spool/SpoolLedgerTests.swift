// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import OTLPExport

@Suite struct SpoolLedgerTests {
    private static let hour: UInt64 = 3_600_000_000_000

    private func ledger(bytes: Int = 1 << 20, age: Duration = .seconds(3600)) -> SpoolLedger {
        var configuration = SpoolConfiguration(directory: "")
        configuration.maximumBytes = bytes
        configuration.maximumAge = age
        return SpoolLedger(configuration)
    }

    private func entry(_ id: UInt64, _ signal: Signal = .traces, bytes: Int = 4096) -> SpoolEntry {
        SpoolEntry(id: id, signal: signal, records: 3, bytes: bytes)
    }

    @Test func `gives back the oldest batch of a signal, whatever the order of arrival`() {
        var ledger = ledger()
        for id: UInt64 in [30, 10, 40, 20] { ledger.insert(entry(id, id == 10 ? .logs : .traces)) }
        #expect(ledger.entries.map(\.id) == [10, 20, 30, 40])
        #expect((ledger.oldest(of: .traces)?.id, ledger.oldest(of: .logs)?.id) == (20, 10))
        #expect(ledger.remove(20)?.id == 20)
        #expect(ledger.remove(20) == nil)
        #expect(ledger.oldest(of: .traces)?.id == 30)
    }

    @Test func `drops the oldest of any signal for a new batch, and no more than needed`() {
        var ledger = ledger(bytes: 5 * 4096)
        for id: UInt64 in 1...5 { ledger.insert(entry(id, id == 1 ? .logs : .traces)) }
        #expect(ledger.makeRoom(for: 4096, at: 6)?.map(\.entry.id) == [1])
        #expect(ledger.makeRoom(for: 4096, at: 6)?.isEmpty == true)
        let losses = ledger.makeRoom(for: 3 * 4096, at: 6)
        #expect(losses?.map(\.entry.id) == [2, 3])
        #expect(losses?.allSatisfy { $0.reason == .size } == true)
        #expect((ledger.totalBytes, ledger.totals[0].batches, ledger.totals[2].batches) == (2 * 4096, 2, 0))
    }

    @Test func `refuses what is larger than the whole spool, and keeps what it has`() {
        var ledger = ledger(bytes: 2 * 4096)
        ledger.insert(entry(1))
        #expect(ledger.makeRoom(for: 3 * 4096, at: 2) == nil)
        #expect(ledger.entries.count == 1)
    }

    @Test func `drops what is older than its limit`() {
        var ledger = ledger()
        for id: UInt64 in [1, 2, 3] { ledger.insert(entry(id)) }
        #expect(ledger.expire(at: 2 + Self.hour).map(\.entry.id) == [1])
        #expect(ledger.expire(at: 3 + Self.hour) == [SpoolLedger.Loss(entry: entry(2), reason: .age)])
    }

    @Test func `takes nothing for old when the clock was set back`() {
        var ledger = ledger()
        ledger.insert(entry(10 * Self.hour))
        #expect(ledger.expire(at: 1).isEmpty)
    }

    @Test func `keeps every age where the limit has no end`() {
        var ledger = ledger(age: .seconds(Int64.max))
        ledger.insert(entry(1))
        #expect(ledger.expire(at: .max).isEmpty)
    }

    @Test func `never replays a batch that was set aside, and drops it in its turn`() {
        var ledger = ledger(bytes: 2 * 4096)
        ledger.insert(entry(1))
        ledger.insert(entry(2))
        #expect(ledger.setAside(1)?.name == "traces-00000000000000000001-3.jsonl.gz.corrupt")
        #expect(ledger.setAside(1) == nil)
        #expect(ledger.oldest(of: .traces)?.id == 2)
        #expect((ledger.totals[0].bytes, ledger.totals[0].batches) == (2 * 4096, 1))
        #expect(ledger.makeRoom(for: 4096, at: 3)?.map(\.entry.id) == [1])
        #expect((ledger.totals[0].bytes, ledger.totals[0].batches) == (4096, 1))
    }

    @Test func `counts the bytes of a draft and does not replay it`() {
        var ledger = ledger(bytes: 4 * 4096)
        ledger.insert(SpoolEntry(id: 7, signal: .traces, kind: .draft, bytes: 2 * 4096))
        #expect(ledger.oldest(of: .traces) == nil)
        #expect((ledger.totals[0].bytes, ledger.totals[0].batches) == (2 * 4096, 0))
        #expect(ledger.setAside(7) == nil)
        #expect(ledger.contains(7) && !ledger.contains(6) && !ledger.contains(8))
        #expect(ledger.makeRoom(for: 3 * 4096, at: 8)?.map(\.entry.id) == [7])
    }

    @Test(arguments: [
        "traces-00000000000000000007-512.jsonl.gz", "logs-01790000000000000000-1.jsonl.gz.corrupt",
        "logs-00000000000000000007-draft.jsonl",
    ]) func `reads the names that it writes`(name: String) throws {
        #expect(try #require(SpoolEntry(name: name, bytes: 1)).name == name)
    }

    @Test(arguments: [
        "", "lock", "traces-7-512.jsonl.gz", "metrics-00000000000000000007-5.jsonl.gz",
        "traces-00000000000000000007.jsonl.gz",
        "traces-00000000000000000007--5.jsonl.gz", "traces-00000000000000000007-05.jsonl.gz",
        "traces-99999999999999999999-5.jsonl.gz", "traces-00000000000000000007-5.jsonl", "../x.jsonl.gz",
        "traces-00000000000000000007-draft.jsonl.gz", "metrics-00000000000000000007-draft.jsonl",
        "traces-7-draft.jsonl",
    ]) func `leaves files alone that are not its own`(name: String) {
        #expect(SpoolEntry(name: name, bytes: 1) == nil)
    }
}
