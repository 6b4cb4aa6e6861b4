// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import Testing

/// `explain`: the numbers, worked out by hand, and the words.
struct ScheduleExplanationTests {
    private func explanation(_ text: String, of name: String = "a") throws -> ScheduleExplanation {
        let outcome = load(text)
        let configuration = try #require(outcome.configuration, "\(outcome.rendered)")
        let backend = try #require(configuration.backends.first { $0.name == name })
        return ScheduleExplanation(backend, in: configuration, outcome.written)
    }

    private func schedule(_ lines: String) throws -> EffectiveSchedule {
        try explanation(inBackend(lines)).schedule
    }

    @Test func `the defaults`() throws {
        let schedule = try schedule("")
        #expect(schedule.interval == .seconds(300) && schedule.intervalReason == .configured)
        #expect(schedule.shortestInterval == .seconds(270), "10 % less")
        #expect(schedule.shortestProbe == .seconds(1620), "10 % less")
        #expect(schedule.detection?.longest == .seconds(910), "3 x 300 + 10")
        #expect(schedule.longestOutageGap == .seconds(2710), "910 + 1800")
        #expect(schedule.timeToLiveMargin == nil && schedule.affordableLosses == nil)
    }

    @Test(arguments: [
        // With a third of the TTL two lost ones are three intervals, which is the TTL itself.
        ("session_ttl: 15m", 300, 600, 1), ("session_ttl: 14m", 280, 560, 1),
        // 600 with one, 900 with two lost; three would disable the backend.
        ("session_ttl: 16m", 300, 660, 2), ("session_ttl: 10h", 300, 35_700, 2),
        ("session_ttl: 10h\nfailure_threshold: 1", 300, 35_700, 0),
        // The second lost one also waits 10 s for ping: 910 s of 919 x 0.99 = 909.8 and of 920 x 0.99 = 910.8.
        ("session_ttl: 15m19s\nfallback_tool: { name: x }", 300, 619, 1),
        ("session_ttl: 15m20s\nfallback_tool: { name: x }", 300, 620, 2),
    ])
    func `a TTL`(lines: String, interval: Int, margin: Int, losses: Int) throws {
        let schedule = try schedule(lines)
        #expect(schedule.interval == .seconds(interval))
        #expect(schedule.timeToLiveMargin == .seconds(margin))
        #expect(schedule.affordableLosses == losses)
    }

    @Test func `says what made the interval`() throws {
        #expect(try schedule("session_ttl: 14m").intervalReason == .timeToLive)
        #expect(try schedule("session_ttl: 15m").intervalReason == .configured)
        var backend = BackendConfiguration(name: "a", url: "http://h")
        backend.policy.sessionTTL = .seconds(2)
        #expect(EffectiveSchedule(backend).intervalReason == .floor)
        #expect(EffectiveSchedule(backend).interval == .seconds(1))
    }

    @Test func `is a text for a terminal`() throws {
        let text = """
            defaults: { probe_after: 10m }
            sessions_file: s.json
            backends:
              a:
                url: http://h/mcp?key=x
                own_sessions: 2
                session_ttl: 12m
                fallback_tool: { name: x }
                jitter: 25%
                max_idle: 2h
            """
        #expect(
            try explanation(text).text() == """
                a  http://h/mcp?••••

                keepalive    ping (default), every 3m to 4m
                             interval 4m: a third of session_ttl 12m (mcp-keepalive.yaml:7),
                               since interval 5m (default) is longer
                             jitter 25% (mcp-keepalive.yaml:9), which only ever shortens the
                               interval
                             traffic on a session that the agent is told of puts its next
                               keepalive off
                fallback     the tool x (mcp-keepalive.yaml:8), in the same keepalive, from
                               ping failure number 2 in a row on; at once when the server does
                               not know ping
                             once it succeeded only the tool is called; ping is tried again
                               once a day and on probes
                timeouts     ping 10s (default), tool calls and initialize 30s (default)
                disabled     after 3 failures in a row (default), of whichever sessions; at
                               once when TLS fails or the server redirects
                             then nothing is sent for 7m30s to 10m (defaults,
                               mcp-keepalive.yaml:1); one call finds out whether it works again
                detection    a backend that answers nothing any more is disabled at most
                               12m50s after the last success: 3 intervals of 4m + 2 ping
                               timeouts of 10s + the last tool timeout of 30s
                             that is with one idle session; more sessions find out sooner
                session TTL  12m (mcp-keepalive.yaml:7), covered with 8m to spare: at most 4m
                               pass without a request
                             one lost keepalive is survived
                             an idle session may expire while the backend is disabled: the
                               first probe comes up to 22m50s after the last success
                caps         64 requests in flight (default)
                             at most max(20, 2 × sessions ÷ interval) started per second
                               (default), at most 20 of them after an outage
                sessions     2 of its own (mcp-keepalive.yaml:6), opened again after a loss
                               (default)
                             those that 's.json' lists (mcp-keepalive.yaml:2), while they are
                               listed and not expired
                             those of the local API while their lease lasts; at most 2h
                               without traffic (max_idle: mcp-keepalive.yaml:10), no limit in
                               all (max_lifetime: default)
                """
        )
    }

    @Test(arguments: [
        ("keepalive_method: none", "keepalive_method is none (mcp-keepalive.yaml:4)"),
        ("stateful: false", "stateful is false (mcp-keepalive.yaml:4)"),
        (
            "session_ttl: 2h\nsession_lifetime: 1h",
            "session_ttl 2h (mcp-keepalive.yaml:4) covers session_lifetime 1h (mcp-keepalive.yaml:5)"
        ),
    ])
    func `says why nothing is sent`(lines: String, words: String) throws {
        let explanation = try explanation(inBackend(lines))
        #expect(explanation.sections.map(\.title) == ["keepalive"])
        #expect(explanation.sections.map(\.lines) == [["off: \(words)"]])
        #expect(explanation.schedule.detection == nil)
    }

    @Test func `says what keeps nothing`() throws {
        let text = "api: off\n" + oneBackend
        #expect(try explanation(text).sections.last?.lines == ["none: nothing is ever sent"])
    }

    @Test func `says of a tool and of clamped timeouts`() throws {
        let lines = "keepalive_method: tool:x\ninterval: 20s\nmax_requests_per_second: 2.5"
        let sections = try explanation(inBackend(lines)).sections
        #expect(!sections.contains { $0.title == "fallback" })
        let said = sections.flatMap(\.lines)
        #expect(said.contains("the tool x (mcp-keepalive.yaml:4), every 18s to 20s"))
        #expect(said.contains("tool calls and initialize 20s (default; no call outlasts the interval)"))
        #expect(said.contains("at most 2.5 started per second (mcp-keepalive.yaml:6)"))
    }
}
