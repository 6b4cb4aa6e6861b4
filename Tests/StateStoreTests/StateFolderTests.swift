// SPDX-License-Identifier: Apache-2.0

import Glibc
import KeepaliveAgent
import KeepaliveTesting
import StateStore
import Testing

@Suite struct StateFolderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `makes directory and files for their owner alone`() async throws {
        let (store, _, _) = try folder.open("deep/state")
        #expect(await store.put(StateSample.session("a")))
        #expect(folder.mode("deep") == 0o700)
        #expect(folder.mode("deep/state") == 0o700)
        let names = folder.names(in: "deep/state")
        #expect(names == ["lock", "state.sqlite", "state.sqlite-shm", "state.sqlite-wal"])
        for name in names { #expect(folder.mode("deep/state/\(name)") == 0o600, "\(name)") }
        await store.close()
        #expect(folder.names(in: "deep/state") == ["lock", "state.sqlite"])
    }

    @Test func `takes a database that others could read from them`() async throws {
        let (first, _, _) = try folder.open()
        await first.close()
        try #require(unsafe chmod(folder("state/state.sqlite"), 0o644) == 0)
        let (store, _, _) = try folder.open()
        #expect(await store.put(StateSample.session("a")))
        for name in folder.names(in: "state") { #expect(folder.mode("state/\(name)") == 0o600, "\(name)") }
        await store.close()
    }

    @Test func `belongs to one store at a time and names the process of the other`() async throws {
        let (store, _, _) = try folder.open()
        let problem = #expect(throws: StoreProblem.self) { try folder.open() }
        #expect(problem == .secondInstance(directory: folder("state"), process: getpid()))
        #expect(problem?.description.contains("(\(getpid()))") == true)
        // Being refused changed nothing.
        #expect(await store.put(StateSample.session("a")))
        await store.close()
        let (again, state, _) = try folder.open()
        #expect(state.sessions == [StateSample.session("a")])
        await again.close()
    }

    @Test func `tells of a second instance also when the lock names nobody`() async throws {
        let (store, _, _) = try folder.open()
        try folder.write([], to: "state/lock")
        #expect(throws: StoreProblem.secondInstance(directory: folder("state"), process: nil)) { try folder.open() }
        await store.close()
    }

    @Test func `says what is wrong with a directory that cannot be one`() throws {
        try folder.write([1], to: "file")
        for name in ["file", "file/below"] {
            let problem = #expect(throws: StoreProblem.self) { try folder.open(name) }
            guard case .unusable(let text) = problem else {
                Issue.record("\(String(describing: problem))")
                continue
            }
            #expect(text.contains(folder("file")))
        }
    }

    @Test func `leaves alone what it can neither read nor replace`() throws {
        try folder.makeFolder("state")
        try folder.makeFolder("state/state.sqlite")
        let problem = #expect(throws: StoreProblem.self) { try folder.open() }
        guard case .unusable(let text) = problem else {
            Issue.record("\(String(describing: problem))")
            return
        }
        #expect(text.contains(folder("state/state.sqlite")))
        #expect(folder.names(in: "state") == ["lock", "state.sqlite"])
    }
}
