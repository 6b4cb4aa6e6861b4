// SPDX-License-Identifier: Apache-2.0

import JSONText
import LogText
import Testing

struct LogLineTests {
    private let line = LogLine(
        unixNanoseconds: 1_800_000_000_123_000_000,
        level: .warning,
        message: "alpha: keepalive disabled",
        event: "keepalive.backend.auto_disabled",
        fields: [
            (key: "backend", value: "alpha"), (key: "reason", value: "connect"), (key: "probe_in", value: "28m 3s"),
        ]
    )

    @Test func `pretty lines are for people`() {
        #expect(
            line.rendered(as: .pretty)
                == #"08:00:00.123 WARN  alpha: keepalive disabled  backend=alpha reason=connect probe_in="28m 3s""#
        )
        #expect(
            LogLine(unixNanoseconds: 0, level: .info, message: "up").rendered(as: .pretty) == "00:00:00.000 INFO  up"
        )
    }

    @Test func `color is for terminals only, and changes nothing else`() {
        let colored = line.rendered(as: .pretty, colored: true)
        #expect(colored.contains("\u{1B}[33mWARN \u{1B}[0m"))
        var plain = ""
        var isEscape = false
        for character in colored {
            if character == "\u{1B}" { isEscape = true } else if !isEscape { plain.append(character) }
            if isEscape, character == "m" { isEscape = false }
        }
        #expect(plain == line.rendered(as: .pretty))
    }

    @Test func `logfmt lines are pairs, quoted where that is needed`() {
        #expect(
            line.rendered(as: .logfmt)
                == "time=2027-01-15T08:00:00.123Z level=warning event=keepalive.backend.auto_disabled "
                + #"msg="alpha: keepalive disabled" backend=alpha reason=connect probe_in="28m 3s""#
        )
    }

    @Test(arguments: [
        ("", #""""#), ("plain", "plain"), ("a b", #""a b""#), ("a=b", #""a=b""#), (#"a"b"#, #""a\"b""#),
        ("a\nb", #""a\nb""#), ("a\u{7F}", "\"a\u{7F}\""), ("über", "über"),
    ])
    func `a value that could be misread is quoted`(_ value: String, _ text: String) {
        let line = LogLine(unixNanoseconds: 0, level: .info, message: "m", fields: [(key: "k", value: value)])
        #expect(line.rendered(as: .logfmt) == "time=1970-01-01T00:00:00.000Z level=info msg=m k=\(text)")
    }

    @Test(arguments: [
        (LogLevel.trace, 7), (.debug, 7), (.info, 6), (.notice, 5), (.warning, 4), (.error, 3), (.critical, 2),
    ])
    func `under the journal a line begins with its priority and has no time`(_ level: LogLevel, _ priority: Int) {
        let line = LogLine(unixNanoseconds: 0, level: level, message: "m")
        #expect(line.rendered(as: .logfmt, underJournal: true) == "<\(priority)>level=\(level.rawValue) msg=m")
    }

    @Test func `JSON lines are objects of one line`() throws {
        let text = LogLine(
            unixNanoseconds: line.unixNanoseconds,
            level: .error,
            message: "two\nlines \u{1F600} \"quoted\"",
            event: "e",
            fields: [(key: "a \"key\"", value: "\u{01}\u{7F}")]
        ).rendered(as: .json)
        #expect(!text.utf8.contains(0x0A))
        let node = try JSONValue.parse(text.utf8Span.span)
        #expect(node.object?.members.map(\.key) == ["time", "level", "event", "msg", "a \"key\""])
        #expect(node["time"]?.string == "2027-01-15T08:00:00.123Z")
        #expect(node["level"]?.string == "error")
        #expect(node["msg"]?.string == "two\nlines \u{1F600} \"quoted\"")
        #expect(node["a \"key\""]?.string == "\u{01}\u{7F}")
    }

    @Test(arguments: LogFormat.allCases)
    func `no text makes a line two lines`(_ format: LogFormat) {
        let text = "a\r\nb\u{85}"
        let line = LogLine(unixNanoseconds: 0, level: .info, message: text, fields: [(key: "k", value: text)])
        #expect(!line.rendered(as: format).utf8.contains { $0 == 0x0A || $0 == 0x0D })
    }
}
