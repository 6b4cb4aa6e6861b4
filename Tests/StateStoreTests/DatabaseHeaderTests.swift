// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import Testing

@testable import StateStore

@Suite struct DatabaseHeaderTests {
    private static func bytes(_ change: (inout [UInt8]) -> Void = { _ in }) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 100)
        bytes.replaceSubrange(0..<16, with: Array("SQLite format 3\u{0}".utf8))
        bytes[18] = 2
        bytes[19] = 2
        bytes[63] = 1
        bytes.replaceSubrange(68..<72, with: Array("MCPK".utf8))
        change(&bytes)
        return bytes
    }

    @Test func `reads the schema`() {
        #expect(DatabaseHeader(Self.bytes())?.schema == 1)
        #expect(DatabaseHeader(Self.bytes { $0[62] = 1 })?.schema == 257)
    }

    @Test(arguments: [
        bytes { $0.removeLast() }, bytes { $0[0] = 0 }, bytes { $0[18] = 3 }, bytes { $0[19] = 0 },
        bytes { $0[63] = 0 },
        bytes { $0[60] = 0x80 }, bytes { $0[68] = 0 }, [],
    ])
    func `takes nothing else for a database of the agent`(bytes: [UInt8]) {
        #expect(DatabaseHeader(bytes) == nil)
    }
}
