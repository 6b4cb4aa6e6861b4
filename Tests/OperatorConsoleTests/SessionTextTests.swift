// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import OperatorConsole
import Testing

@Suite struct SessionTextTests {
    private static let alice: SessionView = {
        var view = SessionView(backend: "db", source: .api, state: .active, lastActivity: Samples.at(-120))
        view.key = "alice"
        view.session = "4c1e88aa"
        view.nextKeepalive = Samples.at(180)
        view.leaseExpiresAt = Samples.at(290)
        return view
    }()

    private func table(_ sessions: [SessionView], width: Int? = nil) -> [String] {
        SessionTable.lines(sessions, now: Samples.now, width: width, Samples.plain)
    }

    @Test func `the table shows keys, states and leases`() {
        var own = SessionView(backend: "playwright", source: .own, state: .unopened, lastActivity: Samples.at(-5))
        own.protocolVersion = "2025-11-25"
        #expect(
            table([Self.alice, own]) == [
                "BACKEND     KEY    SESSION   SOURCE  STATE     NEXT   LEASE       LAST USED  PROTOCOL",
                "db          alice  4c1e88aa  api     active    in 3m  ends in 5m  2m ago     —",
                "playwright  —      —         own     not open  —      —           5s ago     2025-11-25",
            ]
        )
        #expect(table([]) == ["no sessions"])
    }

    @Test(arguments: [30, 40, 60, 80, 200])
    func `no line is wider than the terminal`(width: Int) {
        var long = Self.alice
        long.key = String(repeating: "k", count: 300)
        #expect(table([Self.alice, long], width: width).allSatisfy { $0.cells <= width })
    }

    @Test func `one session is told fact by fact`() {
        #expect(
            SessionText.lines(Self.alice, now: Samples.now, Samples.plain) == [
                "backend    db", "key        alice", "session    4c1e88aa", "state      active: it is kept alive",
                "source     registered through the local API", "last used  2m ago", "last ok    not yet",
                "next       in 3m", "lease      ends in 5m",
            ]
        )
    }

    @Test(arguments: SessionView.State.allCases)
    func `every state has words of its own`(state: SessionView.State) {
        let others = SessionView.State.allCases.filter { $0 != state }
        func text(_ state: SessionView.State) -> [String] {
            let view = SessionView(backend: "db", source: .own, state: state, lastActivity: Samples.now)
            return SessionText.lines(view, now: Samples.now, Samples.plain) + table([view])
        }
        #expect(others.allSatisfy { text($0) != text(state) })
    }

    @Test func `a release says what it means`() {
        let release = SessionRelease(backend: "db", key: "al\u{1B}ice")
        #expect(release.text == "db: session al·ice is released; no keepalive is sent on it any more")
        #expect(release.json == #"{"backend":"db","key":"al\u001bice","released":true,"durable":true}"#)
        #expect(release.warning == nil)
        let undurable = SessionRelease(backend: "db", key: "alice", isDurable: false)
        #expect(undurable.json == #"{"backend":"db","key":"alice","released":true,"durable":false}"#)
        #expect(undurable.warning?.contains("restarted") == true)
    }
}
