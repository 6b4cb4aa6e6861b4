// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import Testing

struct SessionHashTests {
    @Test func `a name is 16 hexadecimal digits that depend on the id alone`() {
        let hash = SessionHash()
        let name = hash.name(of: Array("session-1".utf8))
        #expect(name.count == 16)
        #expect(name.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66) })
        #expect(hash.name(of: Array("session-1".utf8)) == name)
        let names = Set((0..<1000).map { hash.name(of: Array("session-\($0)".utf8)) })
        #expect(names.count == 1000)
    }

    @Test func `another key gives other names`() {
        let id = Array("session-1".utf8)
        #expect(Set((0..<20).map { _ in SessionHash().name(of: id) }).count == 20)
    }
}
