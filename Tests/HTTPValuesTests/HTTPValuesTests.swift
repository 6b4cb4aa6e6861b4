// SPDX-License-Identifier: Apache-2.0

import HTTPValues
import Testing

@Suite struct HTTPValuesTests {
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
            ("Sun, 06 Nov 1994 08:49:37 GMT", example), ("Thu, 26 Nov 2026 08:00:00 GMT", 1_795_680_000),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799), ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
        ]
    )
    func `writes the first of them`(text: String, seconds: Int64) {
        #expect(HTTPDate.text(secondsSince1970: seconds) == text)
    }

    @Test func `what is written is read as the same time, on every day of two centuries`() {
        for day in Int64(-10_000)..<70_000 {
            let time = day * 86_400 + (day * 7919 % 86_400 + 86_400) % 86_400
            #expect(HTTPDate.secondsSince1970(HTTPDate.text(secondsSince1970: time).utf8, now: 0) == time)
        }
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
        #expect(RetryAfter.parse(text.utf8, now: Self.example) == duration)
    }
}
