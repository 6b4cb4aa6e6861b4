// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveTesting
import StateStore
import Synchronization
import Testing

@Suite struct StateFailureTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Puts sessions until there is no room; returns those that were acknowledged.
    private func fill(_ store: StateStore) async -> [StoredSession] {
        var sessions: [StoredSession] = []
        for number in 1000..<2000 {
            let session = StateSample.largeSession("k\(number)", bytes: 3000)
            guard await store.put(session) else { break }
            sessions.append(session)
        }
        return sessions
    }

    @Test func `is degraded when there is no room and recovers with less`() async throws {
        let (store, _, _) = try folder.open(limits: StoreLimits(maximumBytes: 100_000))
        let sessions = await fill(store)
        #expect((5..<100).contains(sessions.count))
        guard case .degraded(let reason) = store.health else {
            Issue.record("not degraded")
            return
        }
        #expect(reason.contains("full"))
        // Even what would have room is not durable now: what was missed may come back after a restart.
        #expect(await !store.put(StateSample.bareSession("small")))
        #expect(await !store.save(successes: [], backends: StateSample.backends))
        #expect(await !store.recover(with: StoredState(sessions: sessions + sessions.map { other($0) })))
        #expect(store.health != .ok)

        let state = StoredState(sessions: Array(sessions.prefix(3)), backends: StateSample.backends)
        #expect(await store.recover(with: state))
        #expect(store.health == .ok)
        #expect(await store.put(StateSample.bareSession("small")))
        await store.close()

        // With more room it takes all of it.
        let (larger, found, notes) = try folder.open()
        #expect(notes.isEmpty)
        #expect(found.sessions == state.sessions + [StateSample.bareSession("small")])
        #expect(found.backends == state.backends)
        let all = StoredState(sessions: sessions + sessions.map { other($0) })
        #expect(await larger.recover(with: all))
        await larger.close()
        let (again, everything, _) = try folder.open()
        #expect(everything == all)
        await again.close()
    }

    private func other(_ session: StoredSession) -> StoredSession {
        var session = session
        session.key = "other-\(session.key)"
        return session
    }

    @Test func `keeps on the disk what it had when there is no room`() async throws {
        let (store, _, _) = try folder.open(limits: StoreLimits(maximumBytes: 100_000))
        let sessions = await fill(store)
        #expect(await !store.recover(with: StoredState(sessions: [StateSample.largeSession("huge", bytes: 200_000)])))
        await store.close()
        let (again, found, notes) = try folder.open()
        #expect(notes.isEmpty)
        #expect(found.sessions == sessions)
        await again.close()
    }

    @Test func `tries a failing disk once in a while and acknowledges nothing`() async throws {
        let clock = Mutex<Int64>(1_000_000)
        let (store, _, _) = try StateStore.open(
            directory: folder("state"),
            limits: StoreLimits(maximumBytes: 100_000, retryMilliseconds: 5000),
            now: { clock.withLock { $0 } }
        )
        let sessions = await fill(store)
        let transactions = store.status.transactions
        clock.withLock { $0 += 4999 }
        #expect(await !store.remove(backend: "web", key: sessions[0].key))
        #expect(store.status.transactions == transactions)
        clock.withLock { $0 += 1 }
        #expect(await !store.remove(backend: "web", key: sessions[1].key))
        #expect(store.status.transactions == transactions + 1)
        #expect(store.health != .ok)
        // It worked, so there is nothing to wait for; what was missed is missing all the same.
        #expect(await !store.remove(backend: "web", key: sessions[2].key))
        #expect(store.status.transactions == transactions + 2)
        await store.close()
        let (again, found, _) = try folder.open()
        #expect(found.sessions == [sessions[0]] + sessions.dropFirst(3))
        await again.close()
    }

    @Test func `does not wait for the time when the clock was set back`() async throws {
        let clock = Mutex<Int64>(1_000_000)
        let limits = StoreLimits(maximumBytes: 100_000)
        let (store, _, _) = try StateStore.open(
            directory: folder("state"),
            limits: limits,
            now: { clock.withLock { $0 } }
        )
        _ = await fill(store)
        let transactions = store.status.transactions
        clock.withLock { $0 -= 1 }
        #expect(await !store.remove(backend: "web", key: "k1000"))
        #expect(store.status.transactions == transactions + 1)
        await store.close()
    }

    @Test func `opens degraded when there is no room for anything`() async throws {
        let (store, state, _) = try folder.open(limits: StoreLimits(maximumBytes: 1))
        #expect(state == StoredState())
        #expect(store.health != .ok)
        #expect(await !store.put(StateSample.session("a")))
        #expect(await !store.recover(with: StateSample.state(sessions: 1)))
        await store.close()
        let (again, _, notes) = try folder.open()
        #expect(notes.isEmpty)
        #expect(await again.recover(with: StateSample.state(sessions: 1)))
        await again.close()
    }
}
