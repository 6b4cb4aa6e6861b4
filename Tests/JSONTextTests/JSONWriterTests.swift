// SPDX-License-Identifier: Apache-2.0

import JSONText
import Testing

@Suite struct JSONWriterTests {
    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `sets commas between members and elements, also of rendered pieces`() {
        let json = text { writer in
            writer.beginObject()
            writer.key("empty")
            writer.beginObject()
            writer.endObject()
            writer.key("list")
            writer.beginArray()
            writer.integer(1)
            writer.raw([])
            writer.raw(Array(#"{"a":2},3"#.utf8))
            writer.bool(true)
            writer.bool(false)
            writer.null()
            writer.beginArray()
            writer.endArray()
            writer.endArray()
            writer.raw(literal: #""x":0"#)
            writer.key(escaping: "a\"b")
            writer.string(literal: "s")
            writer.endObject()
        }
        #expect(json == #"{"empty":{},"list":[1,{"a":2},3,true,false,null,[]],"x":0,"a\"b":"s"}"#)
    }

    @Test func `a string that ends like a bracket is still followed by a comma`() {
        #expect(
            text {
                $0.beginArray(); $0.string("{"); $0.string("["); $0.string(":"); $0.string(",")
            } == #"["{","[",":",",""#
        )
    }

    @Test func `starts documents on lines of their own without a comma`() {
        #expect(
            text {
                $0.integer(1); $0.newline(); $0.integer(2)
            } == "1\n2"
        )
    }

    @Test(arguments: [
        ("", #""""#), ("plain", #""plain""#), ("quote\"back\\slash/", #""quote\"back\\slash/""#),
        ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#),
        ("\u{0}\u{1}\u{1A}\u{1F}\u{7F}", "\"\\u0000\\u0001\\u001a\\u001f\u{7F}\""),
        ("naïve 🤝 \u{2028}", "\"naïve 🤝 \u{2028}\""),
    ]) func `escapes what JSON demands and nothing else`(value: String, expected: String) {
        #expect(text { $0.string(value) } == expected)
        #expect(text { $0.string(utf8: value.utf8Span.span) } == expected)
    }

    @Test(arguments: [
        (0, ""), (1, "a"), (2, "a"), (3, "aé"), (4, "aé"), (6, "aé"), (7, "aé🤝"), (8, "aé🤝b"), (99, "aé🤝b"),
    ])
    func `cuts at the limit between scalars`(limit: Int, expected: String) {
        #expect(text { $0.string("aé🤝b", limit: limit) } == "\"\(expected)\"")
    }

    @Test func `repairs bytes that are not UTF-8`() {
        let broken: [UInt8] = [0x61, 0xFF, 0x22, 0xC3]
        #expect(text { $0.string(utf8: broken.span) } == "\"a\u{FFFD}\\\"\u{FFFD}\"")
    }

    @Test(arguments: [0, 9, 10, 99, 1_000_000_007, UInt64(Int64.max), UInt64.max])
    func `writes every digit of an unsigned number`(value: UInt64) {
        #expect(text { $0.integer(value) } == "\(value)")
        #expect(text { $0.integerString(value) } == "\"\(value)\"")
    }

    @Test(arguments: [0, -1, 10, -10, Int64.max, Int64.min])
    func `writes every digit of a signed number`(value: Int64) {
        #expect(text { $0.integer(value) } == "\(value)")
        #expect(text { $0.integer(Int(value)) } == "\(value)")
        #expect(text { $0.integerString(value) } == "\"\(value)\"")
    }

    @Test(arguments: [
        (0.0, "0.0"), (-0.0, "-0.0"), (0.1, "0.1"), (1e300, "1e+300"), (Double.leastNonzeroMagnitude, "5e-324"),
        (2.5, "2.5"),
    ])
    func `writes the shortest double`(value: Double, expected: String) {
        #expect(text { $0.double(value) } == expected)
    }

    @Test(arguments: [(Double.nan, "NaN"), (.infinity, "Infinity"), (-.infinity, "-Infinity")])
    func `writes numbers JSON lacks as null, or as strings where asked`(value: Double, expected: String) {
        #expect(text { $0.double(value) } == "null")
        #expect(text { $0.double(value, nonFinite: .string) } == "\"\(expected)\"")
    }

    @Test func `keeps its memory when emptied`() {
        var writer = JSONWriter(capacity: 1000)
        writer.string("text")
        let capacity = writer.bytes.capacity
        writer.removeAll()
        #expect(writer.bytes.isEmpty)
        #expect(writer.bytes.capacity == capacity)
    }
}
