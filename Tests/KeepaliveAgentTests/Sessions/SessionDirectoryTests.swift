// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import MCPWire
import Testing
import Transfer

@testable import KeepaliveAgent

@Suite struct SessionDirectoryTests {
    private let handle = SessionHandle(index: 3, generation: 1)
    private var directory = SessionDirectory(naming: .hash(SessionHash()))

    private func context(_ identifier: String, version: String? = "2025-11-25") -> SessionContext {
        var context = SessionContext(origin: .attached, backend: 7)
        context.identifier = Array(identifier.utf8)
        context.protocolVersion = version.map(ProtocolVersion.init(rawValue:))
        return context
    }

    @Test func `a session takes 32 bytes and its id`() {
        #expect(MemoryLayout<SessionDirectory.Entry>.stride <= 32)
    }

    @Test mutating func `gives back what it was given`() throws {
        var given = context("an-id")
        given.ownHeaders = [try HeaderConfiguration.test("x-user", "alice")]
        given.headers = [HeaderField(name: "x-user", value: "alice")]
        directory[handle] = given
        let taken = try #require(directory[handle])
        #expect((taken.origin, taken.backend, taken.identifier) == (.attached, 7, Array("an-id".utf8)))
        #expect(taken.protocolVersion?.rawValue == "2025-11-25")
        #expect(taken.ownHeaders == given.ownHeaders && taken.headers == given.headers)
        #expect(directory.name(of: handle).count == 16)
        #expect(directory.handles(on: 7) == [handle])
        #expect(directory.handles(on: 6).isEmpty)
    }

    @Test mutating func `an old handle finds nothing`() {
        directory[handle] = context("an-id")
        let next = SessionHandle(index: 3, generation: 3)
        #expect(directory[next] == nil && directory.name(of: next).isEmpty)
        directory[next] = context("another")
        #expect(directory[handle] == nil)
        directory[handle] = nil
        #expect(directory[next]?.identifier == Array("another".utf8))
        directory[next] = nil
        #expect(directory[next] == nil && directory.handles(on: 7).isEmpty)
    }

    @Test mutating func `a lost session keeps its name and not its id`() {
        directory[handle] = context("an-id")
        let name = directory.name(of: handle)
        directory.forgetIdentifier(of: handle)
        #expect(directory[handle]?.identifier == [])
        #expect(directory.withIdentifier(of: handle) { $0.count } == 0)
        #expect(directory.name(of: handle) == name && !name.isEmpty)
        directory[handle] = context("the-next")
        #expect(directory.name(of: handle) != name)
    }

    @Test mutating func `keeps more versions than anybody has`() {
        for index in 0..<40 {
            directory[SessionHandle(index: Int32(index), generation: 1)] = context("id-\(index)", version: "v\(index)")
        }
        for index in 0..<40 {
            let handle = SessionHandle(index: Int32(index), generation: 1)
            #expect(directory.protocolVersion(of: handle)?.rawValue == "v\(index)")
            directory[handle] = context("id-\(index)", version: nil)
            #expect(directory.protocolVersion(of: handle) == nil)
        }
    }

    @Test func `an id that went is overwritten, and its place used again`() {
        var arena = IdentifierArena()
        let first = arena.insert(Array("secret-1".utf8))
        let second = arena.insert(Array("secret-2".utf8))
        #expect(arena.contains(Array("secret-1".utf8), at: first))
        #expect(!arena.contains(Array("secret-1".utf8), at: second))
        arena.remove(first)
        #expect(arena.copy(first) == [UInt8](repeating: 0, count: 8))
        let longer = arena.insert(Array("a longer one".utf8))
        #expect(arena.insert(Array("secret-3".utf8)) == first)
        #expect(arena.copy(second) == Array("secret-2".utf8) && arena.copy(longer) == Array("a longer one".utf8))
        #expect(arena.insert([]) == IdentifierArena.Place())
    }
}
