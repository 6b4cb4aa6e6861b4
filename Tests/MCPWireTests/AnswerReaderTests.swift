// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import MCPWire
import Testing

@Suite struct AnswerReaderTests {
    /// The answer to `chunks`, and after how many of them it was there.
    private func read(_ chunks: [[UInt8]], _ type: AnswerContentType) -> (answer: Answer, after: Int?, result: [UInt8]?)
    {
        var reader = AnswerReader(expecting: WireCase.id)
        let after = chunks.firstIndex { reader.receive($0.span, contentType: type) }
        let body = Array(chunks.joined())
        let answer = reader.finish(contentType: type, body: body.span)
        guard case .result(let result) = answer else { return (answer, after, nil) }
        return (answer, after, reader.copy(result, in: body.span))
    }

    private let others = [
        ": ping - 2026-11-25\r\n\r\n",
        WireCase.event(#"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}"#),
        WireCase.event(#"{"method":"ping","jsonrpc":"2.0","id":0}"#),
        WireCase.event(WireCase.result(id: "17")),
        WireCase.event(WireCase.result(id: "\"ka-0123456789abcdef-1\"")),
        WireCase.event(WireCase.error(-32603, "somebody else's", id: "3")),
        "event: other\r\ndata: \(WireCase.result())\r\n\r\n",
        "id: ev-1\r\ndata: \r\nretry: 1000\r\n\r\n",
        WireCase.event("not JSON"),
    ]

    @Test func `waits in a stream for the response to its own request`() {
        let own = WireCase.event(WireCase.result(#"{"answer":[42]}"#))
        let chunks = (others + [own, "data: more"]).map { Array($0.utf8) }
        let read = read(chunks, .eventStream)
        #expect(read.after == others.count)
        #expect(read.result.map { String(decoding: $0, as: UTF8.self) } == #"{"answer":[42]}"#)
    }

    @Test func `does not say that JSON is complete before its end`() {
        let body = Array(WireCase.result(#"{"a": {"b": "}"}}"#).utf8)
        let read = read([body, Array(" \r\n".utf8)], .json)
        #expect(read.after == nil)
        #expect(read.result.map { String(decoding: $0, as: UTF8.self) } == #"{"a": {"b": "}"}}"#)
    }

    @Test func `every split of a stream gives the same answer`() {
        let bytes = Array((others.joined() + WireCase.event(WireCase.result())).utf8)
        for split in 0...bytes.count {
            let read = read([Array(bytes[..<split]), Array(bytes[split...])], .eventStream)
            #expect(read.result == Array("{}".utf8), "split at \(split)")
        }
    }

    @Test func `reads a stream as well when it comes with the end only`() {
        var reader = AnswerReader(expecting: WireCase.id)
        let body = WireCase.event(WireCase.result())
        var answer = reader.finish(contentType: .eventStream, body: body.utf8Span.span)
        #expect(answer == .result(RPCResult(range: 56..<58)))
        reader.reset(expecting: WireCase.id)
        let half = Array(body.utf8.prefix(20))
        let isComplete = reader.receive(half.span, contentType: .eventStream)
        #expect(!isComplete)
        answer = reader.finish(contentType: .eventStream, body: body.utf8Span.span)
        #expect(answer == .result(RPCResult(range: 56..<58)))
    }

    @Test func `errors without an id or with its own end the reading, others' do not`() {
        for (id, isEnd) in [("null", true), (WireCase.idText, true), ("5", false), ("\"server-error\"", false)] {
            let read = read([Array(WireCase.event(WireCase.error(-1, "x", id: id)).utf8)], .eventStream)
            #expect((read.after != nil) == isEnd)
            guard case .error(let error) = read.answer else {
                Issue.record("\(read.answer)")
                continue
            }
            #expect(error.code == -1 && error.message == "x")
        }
    }

    @Test func `a reset forgets the answer before`() {
        var reader = AnswerReader(expecting: WireCase.id)
        var isComplete = reader.receive(WireCase.event(WireCase.result()).utf8Span.span, contentType: .eventStream)
        #expect(isComplete)
        let next = RequestID(prefix: WireCase.id.prefix, counter: 18)
        reader.reset(expecting: next)
        #expect(reader.expected == next)
        isComplete = reader.receive(WireCase.event(WireCase.result()).utf8Span.span, contentType: .eventStream)
        #expect(!isComplete)
        let body: [UInt8] = []
        var answer = reader.finish(contentType: .eventStream, body: body.span)
        #expect(answer == .endedWithoutResponse)
        reader.reset(expecting: next)
        answer = reader.finish(contentType: .eventStream, body: body.span)
        #expect(answer == .empty)
    }

    @Test func `knows its id however it is escaped`() {
        let body = #"{"jsonrpc":"2.0","\u0069d":"k\u0061-0123456789abcdef\u002d17","result":{}}"#
        #expect(read([Array(body.utf8)], .json).result == Array("{}".utf8))
    }

    @Test func `of several members the last counts`() {
        let twice = #"{"jsonrpc":"2.0","id":1,"result":{},"id":\#(WireCase.idText)}"#
        #expect(read([Array(twice.utf8)], .json).result == Array("{}".utf8))
        let revoked = #"{"jsonrpc":"2.0","id":\#(WireCase.idText),"result":{},"id":1}"#
        #expect(read([Array(revoked.utf8)], .json).answer == .unusable(.wrongID, UnusableText()))
    }

    @Test(
        arguments: [
            ("-32601", -32601), ("0", 0), ("-3.26e4", -32600), ("1.5", 0), ("99999999999999999999", 0),
        ] as [(String, Int64)]
    )
    func `reads any number as a code`(code: String, expected: Int64) {
        let body = #"{"jsonrpc":"2.0","id":null,"error":{"code":\#(code),"message":"x","data":[{}]}}"#
        #expect(read([Array(body.utf8)], .json).answer.errorCode == expected)
    }

    @Test func `keeps no more than 512 bytes of what it cannot use`() {
        let long = String(repeating: "é", count: 400)
        guard case .unusable(.syntax, let text) = read([Array(long.utf8)], .json).answer else {
            Issue.record("not unusable")
            return
        }
        #expect(text.prefix == String(repeating: "é", count: 256))
        guard case .error(let error) = read([Array(WireCase.error(1, "x" + long).utf8)], .json).answer else {
            Issue.record("no error")
            return
        }
        #expect(error.message == "x" + String(repeating: "é", count: 255))
    }

    @Test func `a quarter of a megabyte in single bytes is read once`() {
        let padding = String(repeating: ":" + String(repeating: "x", count: 1022) + "\n", count: 256)
        let bytes = Array((padding + WireCase.event(WireCase.result())).utf8)
        #expect(read(bytes.map { [$0] }, .eventStream).after == bytes.count - 2)
    }

    @Test(.timeLimit(.minutes(2)), arguments: [AnswerContentType.json, .eventStream])
    func `survives mutations`(type: AnswerContentType) {
        var random = SplitMix64(seed: 11)
        let texts = WireCase.all.filter { AnswerContentType($0.contentType) == type && $0.body.utf8.count < 1000 }
        var results = 0
        for _ in 0..<10_000 {
            var body = Array(texts[Int.random(in: texts.indices, using: &random)].body.utf8)
            guard !body.isEmpty else { continue }
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                body[Int.random(in: body.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let answer = read([body], type).answer
            if case .result = answer { results += 1 }
            _ = OutcomeClassification.classify(CallEvidence(.ping, status: 200, answer: answer))
        }
        #expect((100...9000).contains(results))
    }
}
