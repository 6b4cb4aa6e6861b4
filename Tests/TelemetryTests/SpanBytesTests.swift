// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

/// Spans are written in one go where nothing is cut; otherwise piece by piece, which is the reference here.
@Suite struct SpanBytesTests {
    private func body(_ attributes: [Attribute], pieceByPiece: Bool = false) -> String {
        var span = Samples.span()
        span.sharedAttributes = ["shared": "x"]
        span.attributes = attributes
        var limits = SpanLimits()
        if pieceByPiece { limits.valueLength = .max - 1 }
        return Samples.body(span, limits: limits)
    }

    private static let specials: [String] = [
        "\"", "\\", "\u{0}", "\u{1F}", "\n", "\t", "\u{20}", "!", "#", "[", "]", "\u{7F}", "\u{80}", "ä", "€", "😀",
        "\u{2}", "~",
    ]

    @Test(arguments: specials) func `escapes what has to be escaped, wherever it is`(_ special: String) {
        for length in 0...40 {
            for position in 0...length {
                let text =
                    String(repeating: "a", count: position) + special + String(repeating: "z", count: length - position)
                let attributes = [Attribute(text, .string(text))]
                guard body(attributes) == body(attributes, pieceByPiece: true) else {
                    Issue.record("\(text.debugDescription): \(body(attributes))")
                    return
                }
            }
        }
    }

    @Test func `writes plain texts of every length`() {
        for length in 0...70 {
            let text = String((0..<length).map { Character(UnicodeScalar(UInt8(0x61 + $0 % 26))) })
            #expect(
                body([Attribute("k", .string(text))]).hasSuffix(#"{"key":"k","value":{"stringValue":"\#(text)"}}]}"#)
            )
        }
    }

    @Test func `writes whole numbers with every number of digits`() {
        var numbers: [Int64] = [0, .min, .max]
        var power: Int64 = 1
        for _ in 0..<18 {
            power *= 10
            numbers += [power - 1, power, power + 1, -power, power / 10 * 7 + 3]
        }
        for number in numbers {
            #expect(body([Attribute("k", .int(number))]).hasSuffix(#"{"key":"k","value":{"intValue":"\#(number)"}}]}"#))
            var span = Samples.span()
            span.start = number.magnitude
            span.end = .max - number.magnitude
            let times = #""startTimeUnixNano":"\#(span.start)","endTimeUnixNano":"\#(span.end)"}"#
            #expect(Samples.body(span).hasSuffix(times))
        }
    }

    @Test func `writes ids as their descriptions say`() {
        var source = NumberSource(seed: 3)
        for _ in 0..<500 {
            var span = Samples.span()
            span.context = SpanContext(
                traceID: TraceID(high: source.word(), low: source.word()),
                spanID: SpanID(source.word() &>> (source.word() % 64))
            )
            span.parent = SpanID(source.word())
            let body = Samples.body(span)
            #expect(
                body.contains(#""traceId":"\#(span.context.traceID.description)","spanId":"\#(span.context.spanID)","#)
            )
            #expect(body.contains(#""parentSpanId":"\#(span.parent?.description ?? "")","#))
        }
    }

    @Test func `escapes names and trace states`() {
        var span = Samples.span(name: "a \"quoted\" name, longer than a word\n")
        span.context.traceState = "k=\\"
        let body = Samples.body(span)
        #expect(body.contains(#""traceState":"k=\\","flags""#))
        #expect(body.contains(#""name":"a \"quoted\" name, longer than a word\n","kind""#))
    }

    @Test(
        arguments: [
            [], [Attribute("a", true), Attribute("b", false)], [Attribute("a", 0.5)],
            [Attribute("", 1), Attribute("b", 2)],
            [Attribute("a", .strings([]))], [Attribute("a", .ints([1, 2])), Attribute("b", "c")],
        ] as [[Attribute]]
    ) func `writes all kinds of attributes as piece by piece`(_ attributes: [Attribute]) {
        #expect(body(attributes) == body(attributes, pieceByPiece: true))
    }
}
