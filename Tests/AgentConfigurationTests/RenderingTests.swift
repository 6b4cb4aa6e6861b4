// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Testing

struct RenderingTests {
    @Test func `the gutter is as wide as the line number`() {
        let text = String(repeating: "\n", count: 122) + "zebra: 1\n" + oneBackend
        #expect(
            load(text).rendered == """
                error: unknown key 'zebra'
                   --> mcp-keepalive.yaml:123:1
                    |
                123 | zebra: 1
                    | ^ zebra
                    = help: known keys are api, backends, defaults, sessions_file, state_dir, telemetry, version
                """
        )
    }

    @Test func `the caret stands under its column behind tabs and wide characters`() {
        let text =
            "backends: { a: { url: http://h/mcp } }\nsessions_file:\t\t1\ntelemetry: { resource: { 名前: é, x: [] } }\n"
        #expect(
            load(text).diagnostics.map { $0.rendered() } == [
                """
                error: expected the path of a file, found the number 1
                 --> mcp-keepalive.yaml:2:17
                  |
                2 | sessions_file:\t\t1
                  |               \t\t^ sessions_file
                  = help: put it in quotes
                """,
                """
                error: expected a text, found a list
                 --> mcp-keepalive.yaml:3:36
                  |
                3 | telemetry: { resource: { 名前: é, x: [] } }
                  |                                      ^ telemetry.resource.x
                """,
            ]
        )
    }

    @Test func `a very long line is cut to a part around the caret`() throws {
        let filler = String(repeating: "x", count: 3000)
        let text = "backends: { a: { url: http://h/\(filler), zebra: 1 }, b: { url: http://h/y\(filler) } }\n"
        let excerpt = try #require(load(text).diagnostics.first?.excerpt)
        #expect(excerpt.text.hasPrefix("…xxx"))
        #expect(excerpt.text.hasSuffix("xxx…"))
        #expect(excerpt.text.count == 162)
        #expect(excerpt.text.dropFirst(excerpt.indentation.count).hasPrefix("zebra"))
    }

    @Test func `color is there when asked for`() throws {
        let diagnostic = try #require(load(oneBackend + "zebra: 1").diagnostics.first)
        #expect(diagnostic.rendered(color: true).contains("\u{1B}[31merror\u{1B}[0m"))
        #expect(!diagnostic.rendered().contains("\u{1B}"))
        let withoutColor = diagnostic.rendered(color: true).replacing(#/\u{1B}\[[0-9]+m/#, with: "")
        #expect(withoutColor == diagnostic.rendered())
    }

    @Test func `without a line to show there is still a place and a key`() {
        let diagnostic = Diagnostic(
            .warning,
            "odd",
            file: "sessions.json",
            position: SourcePosition(line: 12, column: 3),
            keyPath: "sessions[1].backend",
            help: "look"
        )
        #expect(
            diagnostic.rendered() == """
                warning: odd
                 --> sessions.json:12:3
                 = key: sessions[1].backend
                 = help: look
                """
        )
    }

    @Test func `without a place there is still the file`() {
        #expect(
            Diagnostic(.error, "gone", file: "a\u{1B}[31m.yaml").rendered() == "error: gone\n --> a\u{FFFD}[31m.yaml"
        )
    }

    @Test func `a file that cannot be read is named`() {
        let outcome = ConfigurationLoader.load(path: "nowhere.yaml", environment: [:], readFile: files())
        #expect(outcome.rendered == "error: cannot read 'nowhere.yaml': there is no such file\n --> nowhere.yaml")
        #expect(outcome.isMissing)
        #expect(outcome.configuration == nil)
    }
}
