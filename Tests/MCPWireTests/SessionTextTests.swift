// SPDX-License-Identifier: Apache-2.0

import MCPWire
import Testing

@Suite struct SessionTextTests {
    @Test(arguments: [
        "Session not found", "Could not find session", "UNKNOWN SESSION", "session expired", "Invalid session ID",
        "Session terminated", "No valid session ID provided", "session does not exist",
        "this session is no longer here",
        "Server not initialized", "Bad Request: server NOT initialized",
    ])
    func `knows the words of a lost session`(text: String) {
        #expect(SessionText(of: text.utf8) == .lost)
    }

    @Test(arguments: [
        "Missing session ID", "Session ID required: not found", "Session mismatch: unknown",
        "session does not match, invalid",
        "Too many open sessions", "limit per session: invalid", "invalid session type",
        "Server not initialized: header missing",
    ])
    func `knows words that only sound so`(text: String) {
        #expect(SessionText(of: text.utf8) == .otherSessionError)
    }

    @Test(arguments: [
        "", "not found", "session", "Unknown tool", "a session of work", "server initialized", "expired token",
    ])
    func `is silent about everything else`(text: String) {
        #expect(SessionText(of: text.utf8) == .silent)
    }

    @Test func `looks at the first 512 bytes`() {
        let words = "session not found"
        let fits = String(repeating: " ", count: 512 - words.utf8.count) + words
        #expect(SessionText(of: fits.utf8) == .lost)
        #expect(SessionText(of: (" " + fits).utf8) == .silent)
    }
}
