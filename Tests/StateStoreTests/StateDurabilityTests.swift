// SPDX-License-Identifier: Apache-2.0

import GRDB
import KeepaliveAgent
import KeepaliveTesting
import Testing

@testable import StateStore

@Suite struct StateDurabilityTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `has what it acknowledged when the process ends without closing`() async throws {
        let (store, _, _) = try folder.open()
        for number in 0..<20 {
            #expect(await store.put(StateSample.session("a\(number)")))
            if number.isMultiple(of: 2) { #expect(await store.remove(backend: "web", key: "a\(number)")) }
            try folder.copy(to: "copy\(number)")
            let (copy, state, notes) = try folder.open("copy\(number)")
            #expect(notes.isEmpty)
            let expected = (0...number).filter { !$0.isMultiple(of: 2) }.map { "a\($0)" }
            #expect(state.sessions.map(\.key) == expected.sorted())
            await copy.close()
        }
        await store.close()
    }

    @Test func `needs no shared memory file to find what is in the log`() async throws {
        let (store, _, _) = try folder.open()
        #expect(await store.put(StateSample.session("a")))
        try folder.copy(to: "copy", except: ["state.sqlite-shm", "lock"])
        await store.close()
        let (copy, state, _) = try folder.open("copy")
        #expect(state.sessions == [StateSample.session("a")])
        await copy.close()
    }

    @Test(arguments: [1, 2]) func `takes over what an older release wrote`(schema: Int) async throws {
        let (store, _, _) = try folder.open()
        #expect(await store.put(StateSample.session("a")))
        #expect(await store.save(successes: [], backends: StateSample.backends))
        await store.close()
        let old = try StateDatabase(path: folder("state/state.sqlite"), maximumBytes: 1 << 20)
        try old.write { database in
            try database.execute(sql: "ALTER TABLE session DROP COLUMN suspended_until")
            guard schema < 2 else { return }
            try database.execute(
                sql: "ALTER TABLE backend DROP COLUMN signature; ALTER TABLE backend DROP COLUMN held_since"
            )
        }
        try old.setSchema(schema)
        try old.close()
        let (again, state, notes) = try folder.open()
        #expect(notes.isEmpty && again.health == .ok)
        var session = StateSample.session("a")
        session.suspendedUntil = nil
        #expect(state.sessions == [session])
        let (before, after) = (StateSample.backends[0], state.backends[0])
        #expect(after.disabledSince == before.disabledSince)
        #expect(after.signature == (schema < 2 ? nil : before.signature))
        #expect(after.heldSince == (schema < 2 ? nil : before.heldSince))
        #expect(await again.put(StateSample.session("a")))
        #expect(await again.save(successes: [], backends: StateSample.backends))
        await again.close()
        let (last, written, _) = try folder.open()
        #expect(written == StoredState(sessions: [StateSample.session("a")], backends: StateSample.backends))
        await last.close()
    }

    @Test func `touches nothing that a newer release wrote`() async throws {
        let (store, _, _) = try folder.open()
        #expect(await store.put(StateSample.session("a")))
        await store.close()
        var bytes = try folder.read("state/state.sqlite")
        // The last byte of the user version.
        bytes[63] = 4
        try folder.overwrite("state/state.sqlite", with: bytes)
        let expected = StoreProblem.newerSchema(file: folder("state/state.sqlite"), found: 4, known: 3)
        #expect(throws: expected) { try folder.open() }
        #expect(folder.names(in: "state") == ["lock", "state.sqlite"])
        #expect(try folder.read("state/state.sqlite") == bytes)
    }

    @Test func `touches nothing that a newer release left in its log`() async throws {
        let (store, _, _) = try folder.open()
        await store.close()
        let newer = try StateDatabase(path: folder("state/state.sqlite"), maximumBytes: 1 << 20)
        try newer.setSchema(5)
        try folder.copy(to: "copy")
        try newer.close()
        let database = try folder.read("copy/state.sqlite")
        let log = try folder.read("copy/state.sqlite-wal")
        let expected = StoreProblem.newerSchema(file: folder("copy/state.sqlite"), found: 5, known: 3)
        #expect(throws: expected) { try folder.open("copy") }
        #expect(DatabaseHeader(database)?.schema == 3)
        #expect(try folder.read("copy/state.sqlite") == database)
        #expect(try folder.read("copy/state.sqlite-wal") == log)
        #expect(!folder.names(in: "copy").contains { $0.contains("corrupt") })
    }
}
