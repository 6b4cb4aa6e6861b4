// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import MCPWire
import Testing

@Suite struct EventStreamParserTests {
    /// An event, and what was known of the stream when it ended.
    struct Event: Hashable, CustomStringConvertible {
        var data: String
        var type = ""
        var id = ""
        var retry: Duration?

        var description: String { "\(type)|\(data)|\(id)|\(retry.map { "\($0)" } ?? "-")" }
    }

    /// The events of `chunks`, fed one after the other.
    static func events(_ chunks: some Sequence<ArraySlice<UInt8>>, with parser: inout EventStreamParser) -> [Event] {
        var events: [Event] = []
        for chunk in chunks {
            var offset = 0
            while parser.readEvent(from: chunk.span, at: &offset) {
                events.append(
                    Event(
                        data: String(decoding: parser.data, as: UTF8.self),
                        type: String(decoding: parser.type, as: UTF8.self),
                        id: String(decoding: parser.lastEventID, as: UTF8.self),
                        retry: parser.retry
                    )
                )
            }
        }
        return events
    }

    private func events(_ text: String) -> [Event] {
        var parser = EventStreamParser()
        return Self.events([Array(text.utf8)[...]], with: &parser)
    }

    @Test(arguments: ["\n", "\r", "\r\n"])
    func `reads events under every line end`(lineEnd: String) {
        let text = ["event: message", "data: {}", "", ": note", "", "data: a", "data: b", "", ""]
        #expect(events(text.joined(separator: lineEnd)) == [Event(data: "{}", type: "message"), Event(data: "a\nb")])
    }

    @Test(
        arguments: [
            ("data: a\n\n", [Event(data: "a")]),
            ("\u{FEFF}data: a\n\n", [Event(data: "a")]),
            ("data: \u{FEFF}a\n\n", [Event(data: "\u{FEFF}a")]),
            ("data:a\n\ndata:  b\n\ndata\n\n", [Event(data: "a"), Event(data: " b"), Event(data: "")]),
            ("data\ndata\n\n", [Event(data: "\n")]),
            ("data: \n\n", [Event(data: "")]),
            ("event: x\n\ndata: a\n\n", [Event(data: "a")]),
            ("event: x\nevent: y\ndata: a\n\ndata: b\n\n", [Event(data: "a", type: "y"), Event(data: "b")]),
            ("id: 1\n\ndata: a\n\n", [Event(data: "a", id: "1")]),
            ("id: 1\ndata: a\n\nid\ndata: b\n\n", [Event(data: "a", id: "1"), Event(data: "b")]),
            ("id: 1\nid: 2\u{0}\ndata: a\n\n", [Event(data: "a", id: "1")]),
            ("retry: 1000\ndata: a\n\n", [Event(data: "a", retry: .seconds(1))]),
            (
                "retry: 5\nretry: +6\nretry: 7x\nretry:\nretry: 99999999999999999999\ndata: a\n\n",
                [Event(data: "a", retry: .milliseconds(5))]
            ),
            ("Data: a\ndatax: b\n data: c\nfoo\n:\n::\n\n", []),
            ("data: a", []), ("data: a\n", []), ("", []), ("\n\n\r\r\r\n\r\n", []),
            ("data: a: b\n\n", [Event(data: "a: b")]),
        ] as [(String, [Event])]
    )
    func `reads what the specification says`(text: String, expected: [Event]) {
        #expect(events(text) == expected)
    }

    @Test func `reads the priming event of a server with an event store`() {
        let text = "id: ev-9\r\ndata: \r\nretry: 1000\r\n\r\nevent: message\r\ndata: {}\r\n\r\n"
        let primed = Event(data: "", id: "ev-9", retry: .seconds(1))
        #expect(events(text) == [primed, Event(data: "{}", type: "message", id: "ev-9", retry: .seconds(1))])
    }

    @Test func `an event ends at its blank line, without waiting for what may follow`() {
        var parser = EventStreamParser()
        let first = Self.events([Array("data: a\r\n\r".utf8)[...]], with: &parser)
        #expect(first == [Event(data: "a")])
        let second = Self.events([Array("\ndata: b\n\n".utf8)[...]], with: &parser)
        #expect(second == [Event(data: "b")])
    }

    @Test func `tells an event stream from something else`() {
        var parser = EventStreamParser()
        var count = Self.events([Array("<html>\nhello: you\n\n".utf8)[...]], with: &parser).count
        #expect(count == 0 && !parser.isRecognized)
        count = Self.events([Array(": comment\n".utf8)[...]], with: &parser).count
        #expect(count == 0 && parser.isRecognized)
    }

    @Test func `a reset forgets the stream before`() {
        var parser = EventStreamParser()
        _ = Self.events([Array("id: 1\nretry: 5\nevent: x\ndata: a\ndata: b\r".utf8)[...]], with: &parser)
        parser.reset()
        #expect(parser.examinedBytes == 0 && !parser.isRecognized)
        let events = Self.events([Array("\n\ndata: c\n\n".utf8)[...]], with: &parser)
        #expect(events == [Event(data: "c")])
    }

    // MARK: Torture

    private static let torture =
        "\u{FEFF}: hello\r\nid: ev-1\r\nretry: 15\r\ndata: \r\n\r\nevent: message\rdata: {\"a\":\rdata: 1}\r\r"
        + "event: é😀\ndata: é😀\n\n\n\r\n\r: c\r\ndata\r\n\ndata:x\n\nevent: lost\n\ndata: end"
        + "\r\n\r\nid: \u{0}\ndata:\u{FEFF}\n\ndata: never"

    @Test func `every split into two gives the same events`() {
        let bytes = Array(Self.torture.utf8)
        var parser = EventStreamParser()
        let whole = Self.events([bytes[...]], with: &parser)
        #expect(whole.count == 7)
        for split in 0...bytes.count {
            parser.reset()
            #expect(Self.events([bytes[..<split], bytes[split...]], with: &parser) == whole, "split at \(split)")
        }
    }

    @Test func `random chunks give the same events`() {
        let bytes = Array(Self.torture.utf8)
        var parser = EventStreamParser()
        let whole = Self.events([bytes[...]], with: &parser)
        var random = SplitMix64(seed: 7)
        for _ in 0..<2000 {
            parser.reset()
            var chunks: [ArraySlice<UInt8>] = []
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + Int.random(in: 0...5, using: &random))
                chunks.append(bytes[start..<end])
                start = end
            }
            #expect(Self.events(chunks, with: &parser) == whole)
        }
    }

    @Test(arguments: [
        "data: " + String(repeating: "x", count: 262_144),
        String(repeating: "data: x\n", count: 32_768),
        String(repeating: "data: x\r\n\r\n", count: 23_831),
        String(repeating: ":\n", count: 131_072),
        String(repeating: "\n", count: 262_144),
    ])
    func `single bytes cost no more than twice their number`(text: String) {
        let bytes = Array((text + "\n\n").utf8)
        var parser = EventStreamParser()
        _ = Self.events(bytes.indices.map { bytes[$0..<($0 + 1)] }, with: &parser)
        #expect((bytes.count...(2 * bytes.count)).contains(parser.examinedBytes))
    }
}
