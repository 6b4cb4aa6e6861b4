// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Testing

struct AllProblemsTests {
    @Test func `one run reports every problem in the order of the file`() {
        let text = """
            version: 3
            telemetry:
              compresion: gzip
              interval: 300
              headers: { host: canary }
            defaults:
              jitter: 0.1
              timeout: 5s
              timeout: 6s
              probe_after: 30min
            backends:
              a:
                url: localhost:8931
                own_sessions: many
                keepalive_method: none
                fallback_tool: { name: x }
              b:
                url: https://h/mcp
                interval: 5m
                interval: 6m
                headers: { authorization: "Bearer ${env:TOKEN}" }
                session_ttl: 4m
                tls: { ca_file: ca.pem }
                stateful: sometimes
            sesions_file: x.json
            """
        let found = load(text).diagnostics
        #expect(
            found.map { "\($0.line ?? 0):\($0.column ?? 0) \($0.severity.rawValue) \($0.keyPath)" } == [
                "1:10 error version",
                "3:3 error telemetry.compresion",
                "4:13 error telemetry.interval",
                "5:14 error telemetry.headers.host",
                "7:11 error defaults.jitter",
                "9:3 error ",
                "10:16 error defaults.probe_after",
                "13:10 error backends.a.url",
                "14:19 error backends.a.own_sessions",
                "16:5 error backends.a.fallback_tool",
                "19:15 warning backends.b.interval",
                "20:5 error ",
                "21:31 error backends.b.headers.authorization",
                "22:18 warning backends.b.session_ttl",
                "23:21 error backends.b.tls.ca_file",
                "24:15 error backends.b.stateful",
                "25:1 error sesions_file",
            ]
        )
        #expect(load(text).configuration == nil)
    }

    @Test func `duplicate keys are all reported, and the rest of the file too`() {
        let text = """
            defaults:
              interval: 5m
              'jitter': 1%
              "interval" : 6m
              # a comment between
              jitter: 2%
              interval: 7m
            backends:
              a: { url: http://h/mcp }
            zebra: 1
            """
        let found = load(text).diagnostics
        #expect(
            found.map(\.message) == [
                "duplicate key 'interval'", "duplicate key 'jitter'", "duplicate key 'interval'", "unknown key 'zebra'",
            ]
        )
        #expect(found.map(\.line) == [4, 6, 7, 10])
        #expect(found.map(\.excerpt?.text) == ["  \"interval\" : 6m", "  jitter: 2%", "  interval: 7m", "zebra: 1"])
    }

    @Test func `the same key in another mapping is no duplicate`() {
        let text = """
            backends:
              a:
                url: http://h/1
                url: http://h/2
              b:
                url: http://h/3
            """
        #expect(load(text).diagnostics.map(\.line) == [4])
    }

    @Test func `a repetition is not looked for in the next mapping`() {
        let text = """
            backends:
              a:
                url: http://h/1
                ? url
                : http://h/2
              b:
                url: http://h/3
            """
        let found = load(text).diagnostics
        #expect(found.map(\.message) == ["duplicate key 'url'"])
        #expect(found.map(\.line) == [3], "the parser tells only the first occurrence")
    }

    @Test func `more duplicates than are worked around end the run, not the program`() {
        let lines = (0..<100).map { _ in "  interval: 5m\n" }.joined()
        let found = load("defaults:\n" + lines).diagnostics
        #expect(found.count == 33)
        #expect(found.hasErrors)
    }

    @Test func `a value behind an alias is reported once`() {
        let text = """
            backends:
              a:
                url: http://h/1
                headers: &shared { authorization: "Bearer ${env:TOKEN}" }
              b: { url: http://h/2, headers: *shared }
            """
        #expect(load(text).diagnostics.map(\.line) == [4, 4], "the path of the key tells which backend it is")
    }
}
