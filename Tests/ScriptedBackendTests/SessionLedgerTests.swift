// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ScriptedBackend

struct SessionLedgerTests {
    private let start = ContinuousClock.now

    private func ledger(ttl: Duration? = .seconds(6), isStateless: Bool = false) -> SessionLedger {
        var ledger = SessionLedger(idleTTL: ttl, isStateless: isStateless)
        ledger.open("s", at: start)
        return ledger
    }

    @Test func `the idle time counts from the end of the last request`() {
        var ledger = ledger()
        _ = ledger.begin(method: "ping", on: "s", at: start + .seconds(5))
        ledger.end(on: "s", at: start + .seconds(8))
        ledger.expireIdle(at: start + .milliseconds(13_999))
        #expect(ledger.record.sessions["s"]?.state == .alive)
        ledger.expireIdle(at: start + .seconds(14))
        #expect(ledger.record.sessions["s"]?.state == .expired)
    }

    @Test func `a session with a request in flight does not expire`() {
        var ledger = ledger()
        _ = ledger.begin(method: "tools/call", on: "s", at: start)
        ledger.expireIdle(at: start + .seconds(60))
        #expect(ledger.record.sessions["s"]?.state == .alive)
    }

    @Test func `without an idle time a session lives for ever`() {
        var ledger = ledger(ttl: nil)
        ledger.expireIdle(at: start + .seconds(1_000_000))
        #expect(ledger.record.count(of: .alive) == 1)
    }

    @Test func `an expired session is refused, and its requests do not revive it`() {
        var ledger = ledger()
        let late = start + .seconds(7)
        #expect(ledger.begin(method: "ping", on: "s", at: late).admission == .unknownID)
        ledger.end(on: "s", at: late)
        #expect(ledger.begin(method: "ping", on: "s", at: late).admission == .unknownID)
        #expect(ledger.record.unknownSessionRequests == 2)
        #expect(ledger.record.sessions["s"]?.lastSeen == start)
    }

    @Test func `ids are asked for except to initialize`() {
        var ledger = ledger()
        #expect(ledger.begin(method: "ping", on: nil, at: start).admission == .missingID)
        #expect(ledger.begin(method: "initialize", on: nil, at: start).admission == .admitted)
        #expect(ledger.begin(method: "ping", on: "other", at: start).admission == .unknownID)
    }

    @Test func `a stateless backend asks for nothing`() {
        var ledger = SessionLedger(idleTTL: nil, isStateless: true)
        #expect(ledger.begin(method: "ping", on: nil, at: start).admission == .admitted)
        #expect(ledger.begin(method: "ping", on: "whatever", at: start).admission == .admitted)
        #expect(ledger.record.unknownSessionRequests == 0)
    }

    @Test func `requests are counted in all and per session`() {
        var ledger = ledger()
        ledger.open("t", at: start)
        _ = ledger.begin(method: "ping", on: "s", at: start)
        _ = ledger.begin(method: "ping", on: "t", at: start)
        let third = ledger.begin(method: "ping", on: "t", at: start)
        #expect(third.count == 3)
        #expect(third.sessionCount == 2)
        #expect(ledger.record.pings == 3)
        #expect(ledger.record.sessions["s"]?.pings == 1)
        #expect(ledger.record.toolCalls == 0)
    }

    @Test func `an ended session keeps how it ended`() {
        var ledger = ledger()
        ledger.close("s", as: .deleted)
        ledger.close("s", as: .expired)
        #expect(ledger.record.sessions["s"]?.state == .deleted)
    }
}
