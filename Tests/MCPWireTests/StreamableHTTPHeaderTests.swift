// SPDX-License-Identifier: Apache-2.0

import MCPWire
import Testing

@Suite struct StreamableHTTPHeaderTests {
    /// 1994-11-06 08:49:37 UTC, the example of RFC 9110.
    private static let example: Int64 = 784_111_777

    @Test(
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", example), ("Sunday, 06-Nov-94 08:49:37 GMT", example),
            ("Sun Nov  6 08:49:37 1994", example), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Thu, 29 Feb 2024 23:59:60 GMT", 1_709_251_200), ("Wed, 25 Nov 2026 19:00:00 GMT", 1_795_633_200),
            ("Fri, 01 Mar 2100 00:00:00 GMT", 4_107_542_400), ("Sunday, 06-Nov-70 08:49:37 GMT", 3_182_489_377),
            ("Sun, 06 Nov 1994 08:49:37 CET", nil), ("Sun, 06 Nov 1994 24:49:37 GMT", nil),
            ("Sun, 06 Nov 1994 8:49:37 GMT", nil), ("Sun, 32 Nov 1994 08:49:37 GMT", nil),
            ("Sun, 06 Foo 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 199 08:49:37 GMT", nil), ("tomorrow", nil), ("", nil),
            ("Sun Nov  6 08:49:37 94", nil), ("Sun, 06 Nov 1994 08:49:-7 GMT", nil),
            ("Sun, 06 Nov 1994 08:60:37 GMT", nil),
            (String(repeating: "Sun ", count: 100), nil),
        ] as [(String, Int64?)]
    )
    func `reads the dates of HTTP`(text: String, seconds: Int64?) {
        // Two digits of a year mean the one that lies at most 50 years after this: 2025.
        #expect(HTTPDate.secondsSince1970(text.utf8, now: 1_750_000_000) == seconds)
    }

    @Test(
        arguments: [
            ("0", .zero), ("7", .seconds(7)), (" 120\t", .seconds(120)),
            ("99999999999999999999999", .seconds(1_000_000_000)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", .seconds(60)), ("Sun, 06 Nov 1994 08:49:37 GMT", nil),
            ("Sat, 05 Nov 1994 08:49:37 GMT", nil), ("Fri, 31 Dec 9999 23:59:59 GMT", .seconds(1_000_000_000)),
            ("-1", nil), ("1.5", nil), ("+1", nil), ("1s", nil), ("", nil), (" ", nil), ("soon", nil),
        ] as [(String, Duration?)]
    )
    func `reads Retry-After`(text: String, duration: Duration?) {
        let value = StreamableHTTPHeader.retryAfter(text.utf8Span.span, now: Self.example)
        #expect(value == duration)
    }

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
        #expect(version.isValidHeaderValue)
    }

    @Test(arguments: ["", "2025-11-25\r\nX: y", "a b", "é"])
    func `a version that cannot be sent is told`(text: String) {
        #expect(!ProtocolVersion(rawValue: text).isValidHeaderValue)
    }
}
