// SPDX-License-Identifier: Apache-2.0

import JSONText
import Testing

@Suite struct JSONReaderValueTests {
    private func parse(_ text: String) throws -> JSONNode {
        try JSONValue.parse(text.utf8Span.span)
    }

    @Test func `knows where every value stands`() throws {
        let text = #"{ "sessions" : [ {"backend":"a"}, 5, "é", null ] }"#
        let node = try parse(text)
        #expect(node.offset == 0)
        let member = try #require(node.object?.members.first)
        #expect(member.key == "sessions" && member.keyOffset == 2)
        #expect(member.node.offset == 15)
        let elements = try #require(node["sessions"]?.array)
        #expect(elements.map(\.offset) == [17, 34, 37, 43])
        #expect(elements[0]["backend"]?.offset == 28)
        #expect(elements[0]["backend"]?.string == "a")
        #expect(elements[3].value == .null)
    }

    @Test func `offsets count a byte order mark`() throws {
        #expect(try parse("\u{FEFF} 7").offset == 4)
    }

    @Test func `the last of several members wins, and the others are told`() throws {
        let node = try parse(#"{"a":1,"b":2,"a":3,"\u0061":4}"#)
        #expect(node["a"]?.number?.int64 == 4)
        #expect(node["c"] == nil)
        #expect(node.object?.duplicates.map(\.keyOffset) == [13, 19])
        #expect(try parse(#"{"a":1,"b":{"a":1}}"#).object?.duplicates.isEmpty == true)
    }

    @Test(
        arguments: [
            ("0", 0, 0), ("-0", 0, 0), ("42", 42, 42), ("9223372036854775807", .max, 0x1p63),
            ("9223372036854775808", nil, 9_223_372_036_854_775_808), ("-9223372036854775808", .min, -0x1p63),
            ("1.5", nil, 1.5), ("1.0", 1, 1), ("2e3", 2000, 2000), ("-32600", -32600, -32600), ("1e999", nil, nil),
            ("1e-999", 0, 0),
        ] as [(String, Int64?, Double?)]
    )
    func `reads numbers as what is asked for`(text: String, whole: Int64?, double: Double?) throws {
        let number = try #require(try parse(text).number)
        #expect(number.text == text)
        #expect(number.int64 == whole)
        #expect(number.double == double)
    }

    @Test func `tells kinds apart`() throws {
        let node = try parse(#"[true, "true", 1, [], {}, null]"#)
        let elements = try #require(node.array)
        #expect(elements.map { $0.bool != nil } == [true, false, false, false, false, false])
        #expect(elements.map { $0.string != nil } == [false, true, false, false, false, false])
        #expect(elements.map { $0.number != nil } == [false, false, true, false, false, false])
        #expect(elements.map { $0.array != nil } == [false, false, false, true, false, false])
        #expect(elements.map { $0.object != nil } == [false, false, false, false, true, false])
        #expect(node["a"] == nil)
    }

    @Test func `bounds how many values there are`() throws {
        let text = "[1,[2],{\"a\":3}]"
        _ = try JSONValue.parse(text.utf8Span.span, maxValues: 6)
        #expect(throws: JSONError(.tooManyValues, at: 12)) { try JSONValue.parse(text.utf8Span.span, maxValues: 5) }
    }

    @Test func `says what is wrong in words`() {
        #expect("\(JSONError(.tooDeep, at: 64))" == "nested too deep at byte 64")
    }
}
