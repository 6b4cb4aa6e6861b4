// SPDX-License-Identifier: Apache-2.0

import Glibc
import KeepaliveTesting
import Synchronization
import Testing

@testable import OTLPExport

@Suite(.timeLimit(.minutes(1))) struct SpoolStoreTests {
    private let temporary: TemporaryFolder
    private let changes = Recorder<[SpoolChange]>([])
    private let time = Clock()

    /// A wall clock that stands still.
    private final class Clock: Sendable {
        let nanoseconds = Atomic<UInt64>(1000)
    }

    init() throws {
        temporary = try TemporaryFolder()
    }

    private func open(_ configure: (inout SpoolConfiguration) -> Void = { _ in }) -> SpoolStore {
        var configuration = SpoolConfiguration(directory: temporary.path + "/spool")
        configure(&configuration)
        let store = SpoolStore(
            configuration,
            OTLPConfiguration(),
            now: { [time] in time.nanoseconds.load(ordering: .relaxed) },
            observer: { [changes] change, _ in changes.change { $0.append(change) } }
        )
        store.start()
        return store
    }

    private func put(_ text: String, _ store: SpoolStore, _ signal: Signal = .traces) async throws -> SpoolDropReason? {
        var body: [UInt8] = []
        var gzip = try Gzip()
        gzip.compress(Array("{\(text)}".utf8), into: &body)
        let id = store.announce(bytes: body.count)
        return await store.put(id, signal, records: 3, compressed: body)
    }

    private func text(_ batch: SpooledBatch?) throws -> String? {
        guard let batch else { return nil }
        return String(decoding: try Gzip.inflate(batch.content.body, limit: 1000), as: UTF8.self)
    }

    private var told: [SpoolChange] { changes.record }

    @Test func `gives batches back in order, also to the next process`() async throws {
        let first = open()
        defer { first.stop() }
        for text in ["1", "2", "3"] { #expect(try await put(text, first) == nil) }
        #expect(try await put("log", first, .logs) == nil)
        let oldest = try #require(await first.next(of: .traces))
        #expect(try (text(oldest), oldest.records) == ("{1}", 3))
        await first.remove(oldest.id, replayed: 3)
        #expect((first.statistics(of: .traces).stored, first.statistics(of: .traces).replayed) == (9, 3))
        await first.close()
        let second = open()
        defer { second.stop() }
        #expect(!second.isOpen)
        #expect(await second.next(of: .traces) != nil)
        #expect(second.isOpen)
        #expect((second.statistics(of: .traces).batches, second.statistics(of: .traces).bytes) == (2, 8192))
        #expect(try text(await second.next(of: .logs)) == "{log}")
        for expected in ["{2}", "{3}"] {
            let batch = try #require(await second.next(of: .traces))
            #expect(try text(batch) == expected)
            await second.remove(batch.id, replayed: 3)
        }
        #expect(await second.next(of: .traces) == nil)
        #expect(temporary.batches.count == 1)
        #expect(told.isEmpty)
    }

    // MARK: Drafts

    private func spans(_ count: Int) -> String {
        let spans = (0..<count).map { #"{"name":"\#($0)"}"# }.joined(separator: ",")
        return #"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(spans)]}]}]}"#
    }

    private func append(spans count: Int, to id: UInt64? = nil, _ store: SpoolStore) async -> UInt64 {
        let line = Array("\(spans(count))\n".utf8)
        let id = store.announce(bytes: line.count, to: id)
        await store.append(line, records: count, to: id, .traces)
        return id
    }

    private func put(spans count: Int, as id: UInt64, _ store: SpoolStore, isSpare: Bool = false) async throws
        -> SpoolDropReason?
    {
        var body: [UInt8] = []
        var gzip = try Gzip()
        gzip.compress(Array(spans(count).utf8), into: &body)
        #expect(store.announce(bytes: body.count, to: id) == id)
        return await store.put(id, .traces, records: count, compressed: body, isSpare: isSpare)
    }

    /// Lets writes of a file fail, as if there was no room for it, by a folder of its name; returns how to end that.
    private func block(_ name: String) throws -> () -> Void {
        try temporary.makeFolder("spool/\(name)")
        return { [temporary] in unsafe rmdir("\(temporary.path)/spool/\(name)") }
    }

    @Test func `a draft becomes a batch when its process has ended`() async throws {
        let first = open()
        defer { first.stop() }
        let id = await append(spans: 2, first)
        #expect(await append(spans: 1, to: id, first) == id)
        #expect((first.statistics(of: .traces).batches, first.statistics(of: .traces).bytes) == (0, 4096))
        #expect(await first.next(of: .traces) == nil)
        #expect(temporary.spooled == ["lock", "traces-00000000000000001000-draft.jsonl"])
        await first.close()
        let second = open()
        defer { second.stop() }
        let batch = try #require(await second.next(of: .traces))
        #expect((batch.id, batch.records) == (1000, 3))
        let parts = [spans(2), spans(1)].map { $0.dropFirst(18).dropLast(2) }.joined(separator: ",")
        #expect(try text(batch) == #"{"resourceSpans":[\#(parts)]}"#)
        #expect(temporary.spooled == ["lock", "traces-00000000000000001000-3.jsonl.gz"])
    }

    @Test func `a batch takes the place of its draft`() async throws {
        let store = open()
        defer { store.stop() }
        let id = await append(spans: 1, store)
        #expect(try await put(spans: 2, as: id, store) == nil)
        #expect(temporary.spooled == ["lock", "traces-00000000000000001000-2.jsonl.gz"])
        #expect((store.statistics(of: .traces).batches, store.statistics(of: .traces).bytes) == (1, 4096))
        // As if the process had ended before the draft was removed.
        try temporary.write(Array("\(spans(1))\n".utf8), to: "spool/traces-00000000000000001000-draft.jsonl")
        await store.close()
        let next = open()
        defer { next.stop() }
        #expect(await next.next(of: .traces)?.records == 2)
        #expect(temporary.spooled == ["lock", "traces-00000000000000001000-2.jsonl.gz"])
    }

    @Test func `removes a draft that is not needed, and counts nothing as lost`() async throws {
        let store = open()
        defer { store.stop() }
        let id = await append(spans: 1, store)
        await store.remove(id)
        #expect(temporary.spooled == ["lock"])
        #expect(store.statistics(of: .traces).dropped.isEmpty)
    }

    @Test func `a draft pushes no batch out, and one that has no room is written as far as there was`() async throws {
        let store = open { $0.maximumBytes = 2 * 4096 }
        defer { store.stop() }
        let id = await append(spans: 1, store)
        #expect(try await put("1", store) == nil)
        #expect(await append(spans: 300, to: id, store) == id)
        #expect(try await put("2", store) == nil)
        #expect(store.statistics(of: .traces).dropped.isEmpty)
        #expect(await append(spans: 1, to: id, store) == id)
        #expect((store.statistics(of: .traces).batches, store.statistics(of: .traces).bytes) == (2, 2 * 4096))
        // The batch that it was a draft of is the newest, and has its place at the cost of the oldest.
        #expect(try await put(spans: 302, as: id, store) == nil)
        #expect(store.statistics(of: .traces).dropped == [.size: 3])
    }

    @Test func `a draft that has all of a batch takes the place of the batch that cannot be written`() async throws {
        let store = open { $0.pause = .zero }
        defer { store.stop() }
        let id = await append(spans: 2, store)
        let unblock = try block(".traces-00000000000000001000-2.jsonl.gz.tmp")
        #expect(try await put(spans: 2, as: id, store) == nil)
        unblock()
        let batch = try #require(await store.next(of: .traces))
        #expect((batch.id, batch.records) == (id, 2))
        #expect(temporary.spooled == ["lock", "traces-00000000000000001000-2.jsonl.gz"])
    }

    @Test(arguments: [false, true])
    func `a draft that is not needed, or lacks something, does not come back`(isSpare: Bool) async throws {
        let store = open { $0.pause = .zero }
        defer { store.stop() }
        let id = await append(spans: 2, store)
        let records = isSpare ? 2 : 3
        let unblock = try block(".traces-00000000000000001000-\(records).jsonl.gz.tmp")
        #expect(try await put(spans: records, as: id, store, isSpare: isSpare) == .writeFailed)
        unblock()
        #expect(await store.next(of: .traces) == nil)
        #expect(temporary.spooled == ["lock"])
    }

    @Test func `what is removed while the folder cannot be used does not come back`() async throws {
        let store = open { $0.pause = .zero }
        defer { store.stop() }
        let draft = await append(spans: 1, store)
        for text in ["1", "2"] { #expect(try await put(text, store) == nil) }
        let oldest = try #require(await store.next(of: .traces))
        let unblock = try block(".traces-00000000000000001003-3.jsonl.gz.tmp")
        #expect(try await put("3", store) == .writeFailed)
        await store.remove(draft)
        await store.remove(oldest.id, replayed: 3)
        unblock()
        #expect(try text(await store.next(of: .traces)) == "{2}")
        #expect(temporary.spooled.count == 2)
        #expect(store.statistics(of: .traces).replayed == 3)
    }

    @Test func `a line that may be cut short does not spoil the next one`() async throws {
        let store = open { $0.pause = .zero }
        defer { store.stop() }
        #expect(try await put("1", store) == nil)
        let name = "traces-00000000000000001001-draft.jsonl"
        let unblock = try block(name)
        let id = await append(spans: 1, store)
        unblock()
        try temporary.write(Array(spans(5).utf8.prefix(30)), to: "spool/\(name)")
        #expect(await append(spans: 2, to: id, store) == id)
        #expect(SpoolDraft.join(try temporary.read("spool/\(name)"), of: .traces)?.records == 2)
    }

    @Test func `reads of a draft what is whole`() throws {
        let whole = spans(2) + "\n"
        let cut = spans(3).prefix(40)
        let joined = try #require(SpoolDraft.join(Array((whole + cut + whole + "\n" + whole + cut).utf8), of: .traces))
        #expect(joined.records == 4)
        #expect(SpoolDraft.join(Array((whole + cut).utf8), of: .logs) == nil)
        for text in ["", "\n", String(cut), "\(cut)\n", "{}\n", spans(0) + "\n", spans(1) + "x\n"] {
            #expect(SpoolDraft.join(Array(text.utf8), of: .traces) == nil, "\(text)")
        }
        let log = #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{},{}]},{"logRecords":[{}]}]}]}"#
        let logs = try #require(SpoolDraft.join(Array("\(log)\n".utf8), of: .logs))
        #expect((String(decoding: logs.body, as: UTF8.self), logs.records) == (log, 3))
    }

    @Test func `drops the oldest when it is full, counts them and tells once`() async throws {
        let store = open { $0.maximumBytes = 3 * 4096 }
        defer { store.stop() }
        for text in ["1", "2", "3", "4", "5"] { #expect(try await put(text, store) == nil) }
        #expect(try text(await store.next(of: .traces)) == "{3}")
        let statistics = store.statistics(of: .traces)
        #expect((statistics.dropped, statistics.bytes, statistics.batches) == ([.size: 6], 3 * 4096, 3))
        #expect(temporary.batches.count == 3)
        #expect(told == [.dropping(.size)])
    }

    @Test func `drops what has become too old`() async throws {
        let store = open { $0.maximumAge = .seconds(60) }
        defer { store.stop() }
        #expect(try await put("1", store) == nil)
        time.nanoseconds.store(60_000_000_000, ordering: .relaxed)
        #expect(try await put("2", store) == nil)
        time.nanoseconds.store(61_000_000_000, ordering: .relaxed)
        #expect(try text(await store.next(of: .traces)) == "{2}")
        #expect(store.statistics(of: .traces).dropped == [.age: 3])
        #expect(temporary.batches.count == 1)
    }

    @Test func `sets a damaged file aside and goes on`() async throws {
        let store = open()
        defer { store.stop() }
        for text in ["1", "2", "3"] { #expect(try await put(text, store) == nil) }
        let names = temporary.batches
        for name in names.prefix(2) {
            try temporary.write(Array(try temporary.read("spool/" + name).dropLast(9)), to: "spool/" + name)
        }
        #expect(try text(await store.next(of: .traces)) == "{3}")
        #expect(store.statistics(of: .traces).dropped == [.corrupt: 6])
        #expect(temporary.spooled.filter { $0.hasSuffix(".corrupt") } == names.prefix(2).map { $0 + ".corrupt" })
        #expect(told == [.setAside(file: names[0] + ".corrupt")])
    }

    @Test func `does without a file that somebody removed`() async throws {
        let store = open()
        defer { store.stop() }
        for text in ["1", "2"] { #expect(try await put(text, store) == nil) }
        unsafe unlink("\(temporary.path)/spool/\(temporary.batches[0])")
        #expect(try text(await store.next(of: .traces)) == "{2}")
        #expect(store.statistics(of: .traces).dropped == [.corrupt: 3])
        #expect(told.isEmpty)
    }

    @Test func `tells once that the folder cannot be used, tries it again later and tells when it works`() async throws
    {
        try temporary.write([], to: "spool")
        let store = open { $0.pause = .zero }
        defer { store.stop() }
        for _ in 0..<3 { #expect(try await put("1", store) == .writeFailed) }
        #expect(await store.next(of: .traces) == nil)
        #expect(
            told == [.failing(details: "cannot read \(temporary.path)/spool/lock: Not a directory")]
                || told == [.failing(details: "cannot open \(temporary.path)/spool/lock: Not a directory")]
        )
        unsafe unlink("\(temporary.path)/spool")
        #expect(try await put("2", store) == nil)
        #expect(told.last == .recovered)
        #expect(try text(await store.next(of: .traces)) == "{2}")
    }

    @Test func `leaves a folder alone for a while that cannot be used`() async throws {
        try temporary.write([], to: "spool")
        let store = open { $0.pause = .seconds(3600) }
        defer { store.stop() }
        #expect(store.takes(at: .now))
        #expect(try await put("1", store) == .writeFailed)
        #expect(!store.takes(at: .now))
        #expect(store.takes(at: .now + .seconds(3601)))
        unsafe unlink("\(temporary.path)/spool")
        #expect(try await put("1", store) == .writeFailed)
    }

    @Test func `finds the folder again that somebody removed`() async throws {
        let store = open { $0.pause = .zero }
        defer { store.stop() }
        #expect(try await put("1", store) == nil)
        for name in temporary.spooled { unsafe unlink("\(temporary.path)/spool/\(name)") }
        unsafe rmdir("\(temporary.path)/spool")
        #expect(try await put("2", store) == .writeFailed)
        #expect(try await put("3", store) == nil)
        #expect(try text(await store.next(of: .traces)) == "{3}")
        #expect(told.count == 2 && told.last == .recovered)
    }

    @Test func `bounds what waits to be written`() {
        let store = open { $0.maximumPendingBytes = 100 }
        defer { store.stop() }
        #expect(store.takes(at: .now))
        _ = store.announce(bytes: 100)
        #expect(!store.takes(at: .now))
    }

    @Test func `ids grow although the clock does not`() {
        let store = open()
        defer { store.stop() }
        let ids = (0..<4).map { _ in store.announce(bytes: 0) }
        time.nanoseconds.store(1, ordering: .relaxed)
        #expect(ids == [1000, 1001, 1002, 1003])
        #expect(store.announce(bytes: 0) == 1004)
    }
}
