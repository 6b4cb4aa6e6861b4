// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import OperatorConsole
import Testing

@Suite struct EventLineTests {
    private func event(
        _ kind: AgentEvent.Kind,
        _ backend: String? = "db",
        _ change: (inout AgentEvent) -> Void = { _ in }
    ) -> AgentEvent {
        var event = AgentEvent(kind: kind, time: Samples.at(0.25), backend: backend)
        change(&event)
        return event
    }

    private func line(_ event: AgentEvent, width: Int? = nil, backends: [String] = ["db", "playwright"]) -> String {
        EventLine(backends: backends, width: width, Samples.plain).text(event)
    }

    @Test func `a keepalive says how it went, how long it took and on what`() {
        let success = event(.keepalive) {
            $0.method = "ping"
            $0.latencyMilliseconds = 2.4
            $0.session = "4c1e88aa"
        }
        #expect(
            line(success) == "08:00:00.250  keepalive  db          ok              2.4ms  ping  #4c1e88aa"
        )
        let failure = event(.keepalive, "playwright") {
            $0.reason = "timeout"
            $0.method = "tool:list"
        }
        #expect(line(failure) == "08:00:00.250  keepalive  playwright  timeout                tool:list")
    }

    @Test func `changes stand out without colors, too`() {
        #expect(line(event(.disabled) { $0.reason = "timeout" }) == "08:00:00.250  DISABLED   db          timeout")
        let lost = event(.lost) {
            $0.reason = "session_expired"
            $0.idleSeconds = 1810
            $0.key = "alice"
        }
        #expect(
            line(lost) == "08:00:00.250  LOST       db          session_expired  idle 30m  key alice"
        )
        #expect(line(event(.enabled)) == "08:00:00.250  enabled    db")
        #expect(
            line(event(.reset, nil)) == "08:00:00.250  reset                  events may be missing before this line"
        )
    }

    @Test(arguments: [10, 30, 80, 200])
    func `a line fits the terminal, however long the names`(width: Int) {
        let long = event(.lost, "notebooks-of-the-data-science-team-in-zürich") {
            $0.reason = "session_expired"
            $0.key = "a-key\u{1B}[2J" + String(repeating: "x", count: 200)
        }
        for palette in [Samples.plain, Samples.colored] {
            let text = EventLine(backends: [long.backend ?? ""], width: width, palette).text(long).withoutColors
            #expect(text.cells <= width && !text.contains("\u{1B}"))
        }
        #expect(width < 80 || line(long, width: width).contains("session_expired"))
    }

    @Test func `80 columns have room for all of a keepalive and of a loss`() {
        let names = ["db", "notebooks-of-the-data-science-team"]
        let keepalive = event(.keepalive) {
            $0.method = "ping"
            $0.latencyMilliseconds = 10_000
            $0.reason = "timeout"
            $0.session = "4c1e88aa"
        }
        let lost = event(.lost) {
            $0.reason = "session_expired"
            $0.idleSeconds = 1810
            $0.session = "4c1e88aa"
        }
        for event in [keepalive, lost] { #expect(line(event, width: 80, backends: names).hasSuffix("#4c1e88aa")) }
    }

    @Test func `every kind has a line of its own`() {
        #expect(Set(AgentEvent.Kind.allCases.map { line(event($0)) }).count == AgentEvent.Kind.allCases.count)
    }
}
