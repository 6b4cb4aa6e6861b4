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
}
