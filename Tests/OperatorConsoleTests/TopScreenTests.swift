// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import OperatorConsole
import Testing

@Suite struct TopScreenTests {
    private func screen(_ backends: [BackendView] = Samples.backends) -> TopScreen {
        var screen = TopScreen()
        screen.show(Samples.status(backends))
        return screen
    }

    private func draw(_ screen: inout TopScreen, _ width: Int = 80, _ height: Int = 24) -> [String] {
        screen.lines(width: width, height: height, Samples.plain)
    }

    /// The backend that the mark is before.
    private func selected(_ screen: inout TopScreen, height: Int = 24) -> String? {
        draw(&screen, 80, height).first { $0.hasPrefix("▸ ") }?.split(separator: " ").dropFirst().first.map(String.init)
    }

    // MARK: Drawing

    @Test func `80 by 24 shows what needs somebody first`() {
        var screen = screen()
        screen.show(changes: [AgentEvent(id: "7", kind: .disabled, time: Samples.at(-1260), backend: "warehouse-db")])
        let lines = draw(&screen)
        #expect(
            lines.prefix(13).joined(separator: "\n") == """
                mcp-keepalive 0.1.0 · up 2h 14m · otlp ok (4s ago, 0 dropped) · state ok
                5 backends · 2 active · 1 disabled · 1 held · 1 off · 22 sessions

                  BACKEND           STATE        OK    P95  SESS  NEXT         REASON
                ▸ warehouse-db      DISABLED  85.7%      —     3  probe in 9m  timeout ×3
                  editor            HELD      99.0%      —     0  —            by hand
                  notebooks-of-th…  active    98.0%      —     7  in 4s        ping fails, 2 se…
                  playwright        active     100%  2.4ms    12  in 4m
                  search            off           —      —     —  —

                  CHANGES
                  07:39:00.000  DISABLED   warehouse-db

                """
        )
        #expect(
            lines.suffix(4).joined(separator: "\n") == """

                warehouse-db · DISABLED · timeout ×3 · for 21m · ping every 5m
                https://mcp.internal/warehouse-db
                q quit  ↑↓ select  s sort: trouble  p probe  e enable  d disable  ? help
                """
        )
    }

    @Test func `200 by 50 uses the room`() {
        var screen = screen()
        let lines = draw(&screen, 200, 50)
        #expect(lines.count == 50)
        #expect(
            lines[3].split(separator: " ").map(String.init) == [
                "BACKEND", "STATE", "OK", "P95", "SESS", "NEXT", "REASON", "METHOD", "LAST", "OK", "EVERY", "FAILURES",
                "URL",
            ]
        )
        // What matters more is whole; what is left of the room is for names and URLs.
        #expect(lines[6].contains("  ping fails, 2 sessions paused  tool:list_kernels  ") && lines[6].cells == 200)
    }

    @Test(arguments: [(80, 24), (200, 50), (40, 10), (20, 5), (1, 1), (132, 43), (10, 100)])
    func `a screen has exactly the lines of the terminal, and none is wider`(width: Int, height: Int) {
        var failing = screen()
        failing.show(ControlFailure(.unavailable, code: "agent_timeout", "the agent did not answer within 10s"))
        var busy = screen()
        busy.show(changes: [AgentEvent(kind: .lost, time: Samples.now, backend: Samples.notebooks.name)])
        var helping = screen()
        _ = helping.press(.character("?"))
        var asking = screen()
        _ = asking.press(.character("d"))
        for var screen in [TopScreen(), screen(), screen([]), screen(Samples.many), busy, failing, helping, asking] {
            for palette in [Samples.plain, Samples.colored] {
                let lines = screen.lines(width: width, height: height, palette)
                #expect(lines.count == height)
                #expect(lines.allSatisfy { $0.withoutColors.cells <= width }, "\(lines)")
            }
        }
    }

    @Test func `an agent that does not answer leaves what was known, and says from when it is`() {
        var screen = screen()
        screen.show(ControlFailure(.unavailable, code: "agent_timeout", "the agent did not answer within 10s"))
        let lines = draw(&screen)
        #expect(lines.contains("! no answer, this is from 08:00:00.000: the agent did not answer within 10s"))
        #expect(lines.contains { $0.contains("warehouse-db") })
        screen.show(Samples.status(at: 2))
        #expect(!draw(&screen).contains { $0.hasPrefix("! no answer") })
    }

    @Test func `a pipe gets the header and the whole table`() {
        let lines = screen(Samples.many).plainLines(Samples.plain)
        #expect(lines.count { $0.hasPrefix("backend-") } == 60)
        #expect(lines[0].hasPrefix("mcp-keepalive 0.1.0 · up 2h 14m"))
    }

    @Test func `changes take the room that is left, the newest first`() {
        var screen = screen()
        func changes(_ lines: [String]) -> [Substring] {
            let start = lines.firstIndex(of: "  CHANGES")
            return start.map { lines[($0 + 1)...].prefix { !$0.isEmpty }.map { $0.dropFirst(2).prefix(12) } } ?? []
        }
        #expect(!draw(&screen).contains("  CHANGES"))
        screen.show(changes: [])
        #expect(draw(&screen).contains("  none since this began"))
        screen.show(changes: (0..<60).map { AgentEvent(kind: .lost, time: Samples.at(Double($0)), backend: "db") })
        #expect(changes(draw(&screen)).first == "08:00:59.000" && changes(draw(&screen)).count == 9)
        #expect(changes(draw(&screen, 200, 50)).count == 35)
        #expect(changes(draw(&screen, 80, 16)) == [])
        screen.show(Samples.status(Samples.many))
        #expect(!draw(&screen, 200, 50).contains("  CHANGES"))
        screen.show(changes: nil)
        screen.show(Samples.status())
        #expect(!draw(&screen).contains("  CHANGES"))
    }

    // MARK: Moving

    @Test func `arrows and letters move the selection, which stays on the screen`() {
        var screen = screen(Samples.many)
        #expect(selected(&screen) == "backend-01")
        for _ in 0..<30 { #expect(screen.press(.down) == nil) }
        #expect(selected(&screen) == "backend-31")
        #expect(!draw(&screen).contains { $0.contains("backend-01") })
        for _ in 0..<40 { _ = screen.press(.character("j")) }
        #expect(selected(&screen) == "backend-60")
        _ = screen.press(.character("k"))
        #expect(selected(&screen) == "backend-59")
        _ = screen.press(.character("g"))
        #expect(selected(&screen) == "backend-01")
        _ = screen.press(.up)
        #expect(selected(&screen) == "backend-01")
        _ = screen.press(.last)
        #expect(selected(&screen) == "backend-60")
    }

    @Test func `a page is what the screen shows`() {
        var screen = screen(Samples.many)
        let shown = draw(&screen).count { $0.contains("  backend-") || $0.hasPrefix("▸ backend-") }
        _ = screen.press(.pageDown)
        #expect(selected(&screen) == "backend-\(shown + 1)")
        _ = screen.press(.pageUp)
        #expect(selected(&screen) == "backend-01")
    }

    @Test func `a terminal that shrinks keeps the selection on it`() {
        var screen = screen(Samples.many)
        _ = draw(&screen, 80, 50)
        for _ in 0..<29 { _ = screen.press(.down) }
        #expect(selected(&screen, height: 50) == "backend-30")
        #expect(selected(&screen, height: 8) == "backend-30")
    }

    @Test func `the selection follows its backend, not its line`() {
        var screen = screen([Samples.playwright, Samples.search])
        #expect(selected(&screen) == "playwright")
        screen.show(Samples.status([Samples.warehouse, Samples.playwright, Samples.search], at: 2))
        #expect(selected(&screen) == "playwright")
        screen.show(Samples.status([Samples.warehouse, Samples.search], at: 4))
        #expect(selected(&screen) == "warehouse-db")
    }

    @Test func `s goes through the orders and comes back`() {
        var screen = screen()
        var firsts: [String] = []
        for _ in 0..<6 {
            firsts.append(screen.backends[0].name)
            _ = screen.press(.character("s"))
        }
        // By trouble, name, rate (none is known: by name), latency, sessions, and by trouble again.
        #expect(firsts == ["warehouse-db", "editor", "editor", "playwright", "playwright", "warehouse-db"])
    }

    // MARK: Acting

    @Test func `keys act on the selected backend`() {
        var screen = screen()
        #expect(screen.press(.character("p")) == .probe("warehouse-db"))
        #expect(draw(&screen).last == "warehouse-db: probing …")
        screen.say(Cell("warehouse-db: answered in 2.4ms", .good))
        #expect(draw(&screen).last == "warehouse-db: answered in 2.4ms")
        #expect(screen.press(.down) == nil)
        #expect(draw(&screen).last?.hasPrefix("q quit") == true)
        #expect(screen.press(.character("e")) == .enable("editor"))
        #expect(screen.press(.character("x")) == nil)
    }

    @Test func `nothing is disabled without a yes`() {
        var screen = screen()
        #expect(screen.press(.character("d")) == nil)
        #expect(draw(&screen).last == "warehouse-db: disable its keepalive until somebody enables it? y/n")
        #expect(screen.press(.character("n")) == nil)
        #expect(draw(&screen).last == "warehouse-db: left as it is")
        _ = screen.press(.character("d"))
        #expect(screen.press(.escape) == nil)
        _ = screen.press(.character("d"))
        #expect(screen.press(.character("y")) == .disable("warehouse-db"))
        #expect(screen.press(.character("y")) == nil)
    }

    @Test func `a question about a backend that is gone is over`() {
        var screen = screen()
        _ = screen.press(.character("d"))
        screen.show(Samples.status([Samples.playwright], at: 2))
        #expect(screen.press(.character("y")) == nil)
    }

    @Test func `without backends there is nothing to act on`() {
        var screen = screen([])
        for key in "pedjkgG" { #expect(screen.press(.character(key)) == nil) }
        #expect(draw(&screen).contains("  no backends are configured"))
    }

    @Test func `q quits, in the help too, and Ctrl-C from everywhere`() {
        var screen = screen()
        #expect(screen.press(.character("q")) == .quit)
        _ = screen.press(.character("?"))
        #expect(draw(&screen).contains { $0.contains("disable its keepalive, after a question") })
        #expect(screen.press(.character("x")) == nil)
        #expect(draw(&screen).contains { $0.contains("warehouse-db") })
        _ = screen.press(.character("?"))
        #expect(screen.press(.character("q")) == .quit)
        _ = screen.press(.character("d"))
        #expect(screen.press(.interrupt) == .quit)
    }
}
