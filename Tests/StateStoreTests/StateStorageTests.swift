// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveTesting
import StateStore
import Testing

@Suite struct StateStorageTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `tells the agent where the state is and why it is behind`() async throws {
        let (store, _, _) = try folder.open(limits: StoreLimits(maximumBytes: 40_000))
        let storage: any StateStorage = store
        #expect(storage.directory == folder("state"))
        #expect(storage.problem == nil)
        #expect(await !storage.recover(with: StateSample.state(sessions: 1000)))
        guard case .degraded(let reason) = store.health else {
            Issue.record("not degraded")
            return
        }
        #expect(storage.problem == reason)
        #expect(await storage.recover(with: StateSample.state(sessions: 1)))
        #expect(storage.problem == nil)
        await storage.close()
    }

    @Test func `tells when it set a damaged file aside, at the start and later`() async throws {
        try folder.makeFolder("state")
        try folder.write(Array("garbage".utf8), to: "state/state.sqlite")
        let (store, _, _) = try folder.open()
        let storage: any StateStorage = store
        #expect(storage.problem == nil)
        #expect(storage.lastDamage == 1_800_000_000_000)
        await storage.close()
        let (again, _, _) = try folder.open()
        #expect((again as any StateStorage).lastDamage == nil)
        #expect(await again.recover(with: StateSample.state(sessions: 60)))
        let garbage = [UInt8](repeating: 0x5A, count: 16384)
        for name in ["state.sqlite", "state.sqlite-wal", "state.sqlite-shm"] {
            try folder.overwrite("state/\(name)", with: garbage)
        }
        #expect(await !again.put(StateSample.session("a")))
        #expect((again as any StateStorage).lastDamage == 1_800_000_000_000)
        await again.close()
    }
}
