// SPDX-License-Identifier: Apache-2.0

import MCPWire
import Testing

/// Results that are read for what they say.
@Suite struct ResultTests {
    @Test func `reads the result of initialize`() throws {
        let text = """
            {"protocolVersion":"2025-06-18","capabilities":{"tools":{"listChanged":false},"logging":{}},
             "serverInfo":{"name":"gortex","title":"x","version":"1.2.3"},"instructions":"…",
             "_meta":{"gortex/session_idle_ttl_seconds":1800}}
            """
        let parsed = InitializeAnswer(result: text.utf8Span.span)
        let answer = try #require(parsed)
        #expect(answer.protocolVersion == ProtocolVersion(rawValue: "2025-06-18"))
        #expect(answer.serverName == "gortex" && answer.serverVersion == "1.2.3")
        #expect(answer.hasTools)
        #expect(answer.advertisedTTL == .seconds(1800))
    }

    @Test func `makes do with little`() throws {
        let parsed = InitializeAnswer(result: #"{"protocolVersion":"x","capabilities":1}"#.utf8Span.span)
        let answer = try #require(parsed)
        #expect(answer.protocolVersion.rawValue == "x")
        #expect(answer.serverName.isEmpty && answer.serverVersion.isEmpty && !answer.hasTools)
        #expect(answer.advertisedTTL == nil)
    }

    @Test(arguments: [
        "{}", "[]", "", #"{"protocolVersion":1}"#, #"{"protocolVersion":""}"#, #"{"protocolVersion":"2025\r\nX: y"}"#,
    ])
    func `refuses what is no result of initialize`(text: String) {
        let answer = InitializeAnswer(result: text.utf8Span.span)
        #expect(answer == nil)
    }

    @Test(
        arguments: [
            ("0", nil), ("-1", nil), ("\"60\"", nil), ("0.5", .milliseconds(500)), ("1e300", .seconds(1_000_000_000)),
            ("1e999", nil),
        ] as [(String, Duration?)]
    )
    func `bounds the advertised TTL`(seconds: String, expected: Duration?) throws {
        let text = #"{"protocolVersion":"x","_meta":{"gortex/session_idle_ttl_seconds":\#(seconds)}}"#
        let parsed = InitializeAnswer(result: text.utf8Span.span)
        let answer = try #require(parsed)
        #expect(answer.advertisedTTL == expected)
    }

    @Test func `reads a page of tools`() throws {
        let text = """
            {"tools":[{"name":"peek","inputSchema":{},"annotations":{"title":"x","readOnlyHint":true}},
             {"name":"bump","annotations":{"readOnlyHint":false}},{"name":"slow"},{"title":"nameless"},7],
             "nextCursor":"p2"}
            """
        let parsed = ToolList(result: text.utf8Span.span)
        let list = try #require(parsed)
        #expect(list.tools.map(\.name) == ["peek", "bump", "slow"])
        #expect(list.tools.map(\.readOnlyHint) == [true, false, nil])
        #expect(list.nextCursor == "p2")
    }

    @Test(arguments: [(#"{"tools":[]}"#, true), ("{}", false), (#"{"tools":{}}"#, false), ("[", false)])
    func `tells a page of tools from something else`(text: String, isList: Bool) {
        let list = ToolList(result: text.utf8Span.span)
        #expect((list != nil) == isList)
        #expect(list?.nextCursor == nil)
    }
}
