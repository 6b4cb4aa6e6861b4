// SPDX-License-Identifier: Apache-2.0

import MCPWire
import Testing

@Suite struct StreamableHTTPHeaderTests {
    @Test(
        arguments: [
            ("1800", .seconds(1800)), (" 15 ", .seconds(15)), ("0", nil), ("", nil), ("-5", nil), ("30m", nil),
            ("1e3", nil),
            ("99999999999999999999999", .seconds(1_000_000_000)),
        ] as [(String, Duration?)]
    )
    func `reads an advertised idle TTL`(text: String, duration: Duration?) {
        let value = StreamableHTTPHeader.idleTTL(text.utf8Span.span)
        #expect(value == duration)
    }

    @Test(arguments: [
        ("e845af33b5fd408aaa46db0c638611f9", true), ("!~", true), ("", false), ("a b", false), ("a\r\nX: y", false),
        ("a\u{7F}", false), ("é", false), ("a\t", false), (String(repeating: "a", count: 8192), true),
        (String(repeating: "a", count: 8193), false),
    ])
    func `knows which session ids can be sent`(text: String, isValid: Bool) {
        #expect(StreamableHTTPHeader.isValidSessionID(text) == isValid)
    }

    @Test(arguments: [
        ("", true), ("Bearer x y\tz", true), ("é", true), ("a\nb", false), ("a\rb", false), ("\u{0}", false),
        ("\u{7F}", false),
    ])
    func `knows which header values can be sent`(text: String, isValid: Bool) {
        #expect(StreamableHTTPHeader.isValidValue(text) == isValid)
    }

    @Test(
        arguments: [
            ("application/json", .json), ("Application/JSON;charset=utf-8", .json), (" application/json ; a=b", .json),
            ("text/event-stream", .eventStream), ("TEXT/Event-Stream; charset=utf-8", .eventStream),
            ("text/html; charset=utf-8", .html), ("application/xhtml+xml", .html), ("text/plain", .other),
            ("application/jsonl", .other), ("application/json-seq", .other), ("json", .other), ("", .absent),
            ("  ", .absent), (";", .absent),
        ] as [(String, AnswerContentType)]
    )
    func `reads content types`(text: String, type: AnswerContentType) {
        #expect(AnswerContentType(text) == type)
    }

    @Test(arguments: [
        ("", false), ("identity", false), (" Identity ", false), ("gzip", true), ("br", true), ("x", true),
    ])
    func `knows an encoding that was not asked for`(text: String, isEncoded: Bool) {
        let value = StreamableHTTPHeader.isEncoded(text.utf8Span.span)
        #expect(value == isEncoded)
    }

    @Test(arguments: [
        ("2024-11-05", true, false, false), ("2025-03-26", true, false, false), ("2025-06-18", true, false, true),
        ("2025-11-25", true, false, true), ("2026-07-28", false, true, true), ("2027-01-01", false, true, true),
        ("2025-12-31", false, false, true), ("draft", false, false, true), ("2026-7-28", false, false, true),
    ])
    func `knows the versions of the protocol`(text: String, isLegacy: Bool, isModern: Bool, needsHeader: Bool) {
        let version = ProtocolVersion(rawValue: text)
        #expect(version.rawValue == text)
        #expect(version.isLegacy == isLegacy)
        #expect(version.isModern == isModern)
        #expect(version.needsHeader == needsHeader)
        #expect(version.told == (["draft", "2026-7-28"].contains(text) ? nil : text))
        #expect(version.isValidHeaderValue)
    }

    @Test(arguments: ["", "2025-11-25\r\nX: y", "a b", "é"])
    func `a version that cannot be sent is told`(text: String) {
        #expect(!ProtocolVersion(rawValue: text).isValidHeaderValue)
    }
}
