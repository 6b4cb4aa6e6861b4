// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveTesting
import StateStore
import Testing

@Suite struct StateDamageTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// SplitMix64: the same damage in each run.
    private struct SeededRandom: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    /// Cuts a file short or changes some of its bytes.
    private static func damage(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        guard !bytes.isEmpty else { return }
        if Int.random(in: 0..<4, using: &random) == 0 {
            bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
            return
        }
        // The header and the tables' definitions are a small part of the file, but the most interesting one.
        let isHead = Bool.random(using: &random)
        for _ in 0..<Int.random(in: 1...40, using: &random) {
            let range = 0..<(isHead ? min(100, bytes.count) : bytes.count)
            bytes[Int.random(in: range, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
        }
    }

    /// nil: bytes of the schema itself were changed, which cannot be told from a newer release.
    private func openUnlessNewer(
        _ name: String
    ) throws -> (store: StateStore, state: StoredState, notes: [String])? {
        do {
            return try folder.open(name)
        } catch StoreProblem.newerSchema {
            return nil
        }
    }

    @Test func `starts with any damage and sets aside what it cannot use`() async throws {
        let (store, _, _) = try folder.open()
        let sample = StateSample.state(sessions: 60)
        #expect(await store.recover(with: sample))
        try folder.copy(to: "live", except: ["lock"])
        await store.close()
        try folder.copy(to: "closed", except: ["lock"])
        var setAside = 0
        // The last one has rows out of order, which SQLite's quick check overlooks.
        for seed in Array(0..<200) + [2468] {
            var random = SeededRandom(state: UInt64(seed))
            let source = seed.isMultiple(of: 2) ? "closed" : "live"
            let target = "seed\(seed)"
            try folder.makeFolder(target)
            for name in folder.names(in: source) {
                var bytes = try folder.read("\(source)/\(name)")
                if source == "closed" || Bool.random(using: &random) { Self.damage(&bytes, &random) }
                try folder.write(bytes, to: "\(target)/\(name)")
            }
            guard let opened = try openUnlessNewer(target) else { continue }
            let isSetAside = folder.names(in: target).contains("state.sqlite.corrupt-1800000000000")
            #expect(opened.notes.isEmpty != isSetAside, "seed \(seed)")
            if isSetAside {
                #expect(opened.state == StoredState(), "seed \(seed)")
                setAside += 1
            }
            #expect(opened.store.health == .ok, "seed \(seed)")
            // Damage that the check cannot see may be found now; the agent's own state mends it.
            var after = opened.state
            after.sessions.removeAll { $0.key == "new" }
            after.sessions.append(StateSample.session("new"))
            if await !opened.store.put(StateSample.session("new")) {
                #expect(await opened.store.recover(with: after), "seed \(seed)")
            }
            #expect(opened.store.health == .ok, "seed \(seed)")
            await opened.store.close()
            let (again, state, _) = try folder.open(target)
            #expect(state.sessions.contains(StateSample.session("new")), "seed \(seed)")
            await again.close()
        }
        #expect((100..<200).contains(setAside))
    }

    @Test func `finds damage at the start that reading would not meet`() async throws {
        let (store, _, _) = try folder.open()
        #expect(await store.recover(with: StateSample.state(sessions: 60)))
        await store.close()
        var bytes = try folder.read("state/state.sqlite")
        // SQLite file format 1.3.8: the last byte of the number of free pages.
        bytes[39] ^= 0x10
        try folder.overwrite("state/state.sqlite", with: bytes)
        let (again, state, notes) = try folder.open()
        #expect(state == StoredState())
        #expect(notes.count == 1)
        await again.close()
    }

    @Test func `sets aside what is no database and keeps three of those`() async throws {
        try folder.makeFolder("state")
        for number in 0..<5 {
            try folder.write(Array("garbage \(number)".utf8), to: "state/state.sqlite")
            try folder.write(Array("log \(number)".utf8), to: "state/state.sqlite-wal")
            let (store, state, notes) = try folder.open()
            #expect(state == StoredState())
            let name = "state.sqlite.corrupt-\(1_800_000_000_000 + number)"
            #expect(notes.count == 1)
            #expect(notes.first?.contains(name) == true)
            #expect(store.status.lastSetAside == name)
            #expect(try folder.text("state/\(name)") == "garbage \(number)")
            #expect(try folder.text("state/\(name)-wal") == "log \(number)")
            #expect(await store.put(StateSample.session("a")))
            await store.close()
        }
        let kept = (2..<5).flatMap { number in
            ["", "-wal"].map { "state.sqlite.corrupt-\(1_800_000_000_000 + number)\($0)" }
        }
        #expect(folder.names(in: "state") == ["lock", "state.sqlite"] + kept)
    }

    @Test func `begins anew when the file is damaged while it is in use`() async throws {
        let (store, _, _) = try folder.open()
        #expect(await store.recover(with: StateSample.state(sessions: 60)))
        let garbage = [UInt8](repeating: 0x5A, count: 16384)
        for name in ["state.sqlite", "state.sqlite-wal", "state.sqlite-shm"] {
            try folder.overwrite("state/\(name)", with: garbage)
        }
        #expect(await !store.put(StateSample.session("a")))
        guard case .degraded(let reason) = store.health else {
            Issue.record("not degraded")
            return
        }
        #expect(reason.contains("state.sqlite.corrupt-1800000000000"))
        #expect(store.status.lastSetAside == "state.sqlite.corrupt-1800000000000")
        let state = StateSample.state(sessions: 61)
        #expect(await store.recover(with: state))
        #expect(store.health == .ok)
        #expect(await store.put(StateSample.session("z")))
        await store.close()
        let (again, found, notes) = try folder.open()
        #expect(notes.isEmpty)
        #expect(found.sessions == state.sessions + [StateSample.session("z")])
        await again.close()
    }

    @Test func `recovers in one step when it is recovery that finds the damage`() async throws {
        let (store, _, _) = try folder.open()
        #expect(await store.recover(with: StateSample.state(sessions: 60)))
        let garbage = [UInt8](repeating: 0x5A, count: 16384)
        for name in ["state.sqlite", "state.sqlite-wal", "state.sqlite-shm"] {
            try folder.overwrite("state/\(name)", with: garbage)
        }
        #expect(await store.recover(with: StateSample.state(sessions: 3)))
        #expect(store.health == .ok)
        #expect(store.status.lastSetAside != nil)
        await store.close()
        let (again, found, _) = try folder.open()
        #expect(found == StateSample.state(sessions: 3))
        await again.close()
    }
}
