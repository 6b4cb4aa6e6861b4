// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import OperatorConsole
import Testing

@Suite struct StatusTextTests {
    private func lines(_ status: StatusView, width: Int?, height: Int? = nil) -> [String] {
        StatusText.lines(status, width: width, height: height, Samples.plain)
    }

    @Test func `80 columns show what matters of every backend`() {
        #expect(
            lines(Samples.status(), width: 80).joined(separator: "\n") == """
                mcp-keepalive 0.1.0 · up 2h 14m · config ok (12m ago)
                  otlp ok (4s ago, 0 dropped) · state ok
                BACKEND       STATE     SESSIONS  OK/ATTEMPTS  P95    NEXT
                playwright    active          12      312/312  2.4ms  in 4m
                warehouse-db  DISABLED         3        18/21  —      probe in 9m  (timeout ×3)
                editor        HELD             0    3960/4000  —      —            (by hand)
                notebooks-o…  active           7        97/99  —      in 4s        (ping fails,…
                search        off              —            —  —      —
                """
        )
    }

    @Test func `200 columns have room for all that is known`() {
        let text = lines(Samples.status(), width: 200)
        let titles = text[1].split(separator: " ").map(String.init)
        #expect(
            titles == [
                "BACKEND", "URL", "METHOD", "STATE", "SESSIONS", "OK/ATTEMPTS", "P95", "LAST", "OK", "INTERVAL", "TTL",
                "NEXT",
            ]
        )
        #expect(text.count == 7 && text[5].hasSuffix("in 4s        (ping fails, 2 sessions paused)"))
        #expect(text[5].contains("tool:list_kernels") && text[5].contains("https://mcp.internal/notebooks-of"))
    }

    @Test(arguments: [20, 40, 60, 79, 80, 100, 132, 200, 400])
    func `no line is wider than the terminal`(width: Int) {
        for line in lines(Samples.status(), width: width) { #expect(line.cells <= width, "\(line)") }
    }

    @Test func `what is wrong with the agent itself has a line each`() {
        let status = Samples.status {
            $0.configuration.problem = "line 3:\u{1B}[2J unknown key"
            $0.telemetry.state = .failing
            $0.telemetry.dropped = 7
            $0.storage = StorageView(state: .degraded, directory: "/var/lib/x", problem: "No space left on device")
            $0.webhook = WebhookView(
                state: .failing,
                endpoint: "http://h:1",
                pending: 3,
                dropped: 2,
                problem: "HTTP \u{1B}503"
            )
        }
        let text = lines(status, width: nil)
        #expect(
            text[0]
                == "mcp-keepalive 0.1.0 · up 2h 14m · config RELOAD REJECTED (still that of 12m ago) · "
                + "otlp FAILING (last ok 4s ago, 7 dropped) · state DEGRADED · "
                + "webhook FAILING (3 waiting, 2 dropped)"
        )
        #expect(
            text[1...4] == [
                "! config: line 3:·[2J unknown key", "! state: /var/lib/x: No space left on device",
                "! otlp: http://127.0.0.1:4318 does not take everything",
                "! webhook: http://h:1: HTTP ·503",
            ]
        )
    }

    @Test func `an agent without telemetry, state and backends says so`() {
        let status = Samples.status([]) {
            $0.telemetry = TelemetryView(state: .off)
            $0.storage = StorageView(state: .off)
        }
        #expect(
            lines(status, width: 80) == [
                "mcp-keepalive 0.1.0 · up 2h 14m · config ok (12m ago) · otlp off", "no backends are configured",
            ]
        )
    }

    @Test(arguments: [
        (WebhookView(state: .waiting, endpoint: "http://h:1"), "webhook waiting"),
        (WebhookView(state: .ok, endpoint: "http://h:1"), "webhook ok"),
        (WebhookView(state: .ok, endpoint: "http://h:1", dropped: 4), "webhook ok, 4 dropped"),
    ])
    func `a webhook is told of where there is one`(webhook: WebhookView, text: String) {
        #expect(lines(Samples.status { $0.webhook = webhook }, width: nil)[0].hasSuffix(" · \(text)"))
    }

    @Test func `more backends than lines are counted`() {
        let text = lines(Samples.status(Samples.many), width: 80, height: 23)
        #expect(text.count == 23)
        // The header and the titles take two or three of them.
        let shown = text.count { $0.hasPrefix("backend-") }
        #expect(text.last == "… and \(60 - shown) more")
    }
}
