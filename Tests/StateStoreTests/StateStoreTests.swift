// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveTesting
import StateStore
import Testing

@Suite struct StateStoreTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func reopened(after store: StateStore) async throws -> StoredState {
        await store.close()
        let (again, state, notes) = try folder.open()
        await again.close()
        #expect(notes.isEmpty)
        return state
    }

    @Test func `gives back all that was kept`() async throws {
        let (store, state, notes) = try folder.open()
        #expect(state == StoredState())
        #expect(notes.isEmpty)
        #expect(store.health == .ok)
        let sessions = [
            StateSample.session("a", backend: "db"), StateSample.bareSession("a"), StateSample.session("b"),
        ]
        for session in sessions.reversed() { #expect(await store.put(session)) }
        #expect(await store.save(successes: [], backends: StateSample.backends))
        #expect(store.status.bytes > 0)
        #expect(try await reopened(after: store) == StoredState(sessions: sessions, backends: StateSample.backends))
    }

    @Test func `keeps bytes and texts of every kind`() async throws {
        let (store, _, _) = try folder.open()
        var session = StateSample.session("ключ/🔑' OR 1=1 --", backend: "")
        session.sessionID = Array(0...255)
        session.headers = [StoredHeader(name: "", template: "\r\n\u{1}")]
        session.lastSuccess = 0
        #expect(await store.put(session))
        #expect(try await reopened(after: store).sessions == [session])
    }

    @Test func `puts a session in place of the one of the same name`() async throws {
        let (store, _, _) = try folder.open()
        #expect(await store.put(StateSample.session("a")))
        var renewed = StateSample.session("a", time: 1_900_000_000_000)
        renewed.headers.removeFirst()
        renewed.endsAt = nil
        #expect(await store.put(renewed))
        #expect(try await reopened(after: store).sessions == [renewed])
    }

    @Test func `forgets a session with its headers`() async throws {
        let (store, _, _) = try folder.open()
        #expect(await store.put(StateSample.session("a")))
        #expect(await store.put(StateSample.session("a", backend: "db")))
        #expect(await store.remove(backend: "web", key: "a"))
        #expect(await store.remove(backend: "web", key: "unknown"))
        // What is put again has its own headers only.
        #expect(await store.put(StateSample.bareSession("a")))
        let expected = [StateSample.session("a", backend: "db"), StateSample.bareSession("a")]
        #expect(try await reopened(after: store).sessions == expected)
    }

    @Test func `saves successes of sessions that are there and revives none`() async throws {
        let (store, _, _) = try folder.open()
        var kept = StateSample.session("kept")
        var used = StateSample.session("used")
        for session in [kept, used, StateSample.session("gone")] { #expect(await store.put(session)) }
        #expect(await store.remove(backend: "web", key: "gone"))
        let successes = [
            StoredSuccess(backend: "web", key: "gone", lastSuccess: 7, lastActivity: 8),
            StoredSuccess(backend: "web", key: "kept", lastSuccess: 9, lastActivity: 10),
            StoredSuccess(backend: "web", key: "used", lastSuccess: nil, lastActivity: 11),
        ]
        #expect(await store.save(successes: successes, backends: []))
        kept.lastSuccess = 9
        kept.lastActivity = 10
        used.lastActivity = 11
        #expect(try await reopened(after: store).sessions == [kept, used])
    }

    @Test func `lets calls that come together share transactions`() async throws {
        let (store, _, _) = try folder.open()
        let count = 1000
        // Keeps the thread busy while they arrive.
        async let isRecovered = store.recover(with: StateSample.state(sessions: 5000))
        let acknowledged = await withTaskGroup { group in
            for number in 0..<count { group.addTask { await store.put(StateSample.session("n\(number)")) } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(acknowledged == count)
        #expect(await isRecovered)
        #expect(store.status.transactions < count / 4)
    }

    /// Stands for the agent, which changes its own sessions and asks for the same on the disk.
    private actor Owner {
        private let store: StateStore
        private(set) var sessions: [String: StoredSession] = [:]

        init(_ store: StateStore) {
            self.store = store
        }

        func change(_ number: Int) async -> Bool {
            let key = "k\(number % 7)"
            if number.isMultiple(of: 3) {
                sessions[key] = nil
                return await store.remove(backend: "web", key: key)
            }
            let session = StateSample.session(key, time: Int64(number))
            sessions[key] = session
            return await store.put(session)
        }
    }

    @Test func `takes the calls of one actor in their order`() async throws {
        let (store, _, _) = try folder.open()
        let owner = Owner(store)
        let acknowledged = await withTaskGroup { group in
            for number in 0..<2000 { group.addTask { await owner.change(number) } }
            return await group.allSatisfy { $0 }
        }
        #expect(acknowledged)
        let expected = await owner.sessions.values.sorted { $0.key < $1.key }
        #expect(try await reopened(after: store).sessions == expected)
    }

    @Test func `reads times that can be reckoned with whatever is stored`() async throws {
        let (store, _, _) = try folder.open()
        var session = StateSample.session("a")
        session.leaseExpiresAt = .max
        session.endsAt = .min
        #expect(await store.put(session))
        let found = try #require(try await reopened(after: store).sessions.first)
        #expect(found.leaseExpiresAt == 253_402_300_799_999)
        #expect(found.endsAt == 0)
    }

    @Test func `refuses a text that would come back shorter`() async throws {
        let (store, _, _) = try folder.open()
        #expect(await !store.put(StateSample.session("a\u{0}b")))
        #expect(store.health == .ok)
        #expect(try await reopened(after: store).sessions.isEmpty)
    }

    @Test func `answers no to everything once it is closed`() async throws {
        let (store, _, _) = try folder.open()
        await store.close()
        #expect(await !store.put(StateSample.session("a")))
        #expect(await !store.recover(with: StateSample.state(sessions: 1)))
        await store.close()
    }
}
