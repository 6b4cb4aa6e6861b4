// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import Testing

@testable import AgentConfiguration

/// The small grammars.
struct ValueTests {
    @Test(arguments: [
        ("1ms", Duration.milliseconds(1)), ("30s", .seconds(30)), ("5m", .seconds(300)), ("1h30m", .seconds(5400)),
        ("1d2h3m4s5ms", .milliseconds(93_784_005)), ("1.5h", .seconds(5400)), ("0.25s", .milliseconds(250)),
        ("0h1s", .seconds(1)), ("007s", .seconds(7)), ("3650d", .seconds(3650 * 86_400)),
        ("0.000000001d", .nanoseconds(86_400)),
    ])
    func `durations are parsed`(text: String, expected: Duration) throws {
        #expect(try DurationText.parse(text) == expected)
    }

    @Test(arguments: [
        ("", DurationText.Problem.malformed), ("s", .malformed), (".5s", .malformed), ("1.s", .malformed),
        ("1..5s", .malformed), ("1.0000000001s", .malformed), ("+1s", .malformed), ("∞", .malformed),
        ("5", .noUnit), ("1h5", .noUnit), ("5 m", .blank), ("-1s", .negative), ("0s", .zero),
        ("0.0000000001s", .malformed),
        ("1m1h", .order), ("1s1s", .order), ("1ms1s", .order), ("3651d", .tooLong), ("106752d", .tooLong),
        ("9223372036854775807d", .tooLong), ("99999999999999999999s", .tooLong),
        ("1S", .unknownUnit("S", meant: "s")), ("1hrs", .unknownUnit("hrs", meant: "h")),
        ("1µs", .unknownUnit("µs", meant: nil)),
    ])
    func `what is no duration is told apart`(text: String, expected: DurationText.Problem) {
        #expect(throws: expected) { try DurationText.parse(text) }
    }

    @Test(arguments: [
        (Duration.milliseconds(0), "0ms"), (.milliseconds(999), "999ms"), (.seconds(1), "1s"), (.seconds(270), "4m30s"),
        (.seconds(300), "5m"), (.seconds(5400), "1h30m"), (.seconds(90_000), "1d1h"), (.milliseconds(2667), "2.667s"),
        (.milliseconds(61_500), "1m1.5s"), (.seconds(8) / 3, "2.667s"), (.nanoseconds(999_600_000), "1s"),
    ])
    func `durations are written`(duration: Duration, expected: String) {
        #expect(DurationText.format(duration) == expected)
    }

    @Test func `what is written can be parsed again`() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<1000 {
            let duration = Duration.milliseconds(Int64.random(in: 1...315_360_000_000, using: &random))
            #expect(try DurationText.parse(DurationText.format(duration)) == duration)
        }
    }

    @Test(arguments: [
        ("compresion", "compression"), ("sessionTTL", "session_ttl"), ("own-sessions", "own_sessions"),
        ("tls_", "tls"), ("ur", "url"), ("jiter", "jitter"), ("TIMEOUT", "timeout"), ("itnerval", "interval"),
    ])
    func `the likely word is found`(word: String, expected: String) {
        let words = ["compression", "session_ttl", "own_sessions", "tls", "url", "jitter", "timeout", "interval"]
        #expect(Suggestion.closest(to: word, among: words) == expected)
    }

    @Test(arguments: ["zebra", "x", "", "intervals_of_time", String(repeating: "a", count: 100_000)])
    func `an unlikely word is not suggested`(word: String) {
        #expect(Suggestion.closest(to: word, among: ["compression", "tls", "url", "interval"]) == nil)
    }

    @Test(arguments: [
        ("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 1), ("abcd", "acbd", 1), ("ca", "abc", 3),
    ])
    func `edits are counted`(left: String, right: String, expected: Int) {
        #expect(Suggestion.distance(Array(left.utf8), Array(right.utf8)) == expected)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2027-01-01T00:00:00Z", 1_798_761_600),
        ("2027-01-01t00:00:00.999z", 1_798_761_600),
        ("2027-01-01T01:30:00+01:30", 1_798_761_600), ("2026-12-31T23:00:00-01:00", 1_798_761_600),
        ("2024-02-29T12:00:00Z", 1_709_208_000), ("2000-03-01T00:00:00Z", 951_868_800),
        ("1969-12-31T23:59:59Z", -1), ("2016-12-31T23:59:60Z", 1_483_228_800),
        ("9999-12-31T23:59:59Z", 253_402_300_799),
        ("0000-01-01T00:00:00Z", -62_167_219_200), ("0000-03-01T00:00:00Z", -62_162_035_200),
    ])
    func `times are parsed`(text: String, expected: Int64) {
        #expect(Timestamp.parse(text) == expected)
    }

    @Test(arguments: [
        "", "2027-01-01", "2027-01-01T00:00:00", "2027-01-01 00:00:00Z", "2027-13-01T00:00:00Z", "2027-00-01T00:00:00Z",
        "2027-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2027-01-01T24:00:00Z", "2027-01-01T00:60:00Z",
        "2027-01-01T00:00:61Z", "2027-01-01T00:00:00.Z", "2027-01-01T00:00:00+0100", "2027-01-01T00:00:00Zx",
        "20a7-01-01T00:00:00Z", "２027-01-01T00:00:00Z", "2027-01-01T00:00:00+24:00",
    ])
    func `what is no time is refused`(text: String) {
        #expect(Timestamp.parse(text) == nil)
    }

    @Test(arguments: [
        "http://h", "HTTPS://H:1/", "http://127.0.0.1:8931/mcp", "http://[::1]:8931/mcp?x=1&y=%20",
        "http://a-b.c_d.e/~x/(y)",
    ])
    func `good URLs are taken`(url: String) {
        #expect(URLRules.problem(of: url) == nil)
    }

    @Test(arguments: [
        "", "h", "http:h", "http:/h", "http://", "http://:80", "http://h:", "http://h:0", "http://h:65536",
        "http://h:+1",
        "http://h:8x", "http://[::1", "http://[]", "http://[x]", "http://[::1]x", "http://h\u{7F}", "http://h/\n",
        "http://é/",
        "http://u@h/", "http://h/#", "file:///etc", "http://h/\"", "http://h/{x}", "http://h\\x/",
    ])
    func `bad URLs are refused`(url: String) {
        #expect(URLRules.problem(of: url) != nil)
    }

    @Test(arguments: [
        ("", YAMLScalar.Kind.null), ("~", .null), ("null", .null), ("true", .boolean), ("FALSE", .boolean),
        ("yes", .text),
        ("1", .number), ("-1.5e+3", .number), ("0x1f", .number), ("0o7", .number), (".5", .number), ("5.", .number),
        ("-.inf", .number), (".NaN", .number), ("1_000", .text), ("0x", .text), ("0o8", .text), ("1e", .text),
        (".", .text),
        ("-", .text), ("1:30", .text), ("5m", .text), ("tRue", .text),
    ])
    func `plain scalars are typed by the core schema`(text: String, kind: YAMLScalar.Kind) {
        #expect(YAMLScalar(text: text, isPlain: true).kind == kind)
        #expect(YAMLScalar(text: text, isPlain: false).kind == .text)
    }
}
