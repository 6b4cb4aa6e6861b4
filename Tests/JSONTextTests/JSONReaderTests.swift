// SPDX-License-Identifier: Apache-2.0

import JSONText
import Testing

@Suite struct JSONReaderTests {
    /// Checks the whole of `text` without building anything.
    private func scan(_ text: [UInt8], maxDepth: Int = 64) throws(JSONError) {
        var reader = JSONReader(maxDepth: maxDepth)
        reader.skipByteOrderMark(in: text.span)
        try reader.skipValue(in: text.span)
        try reader.readEnd(in: text.span)
    }

    @Test(arguments: [
        "{}", "[]", " [ ] ", "\t{\r\n}\n", "null", "true", "false", "\"\"", "0", "-0", "10", "0.5", "-1.25e+10", "1E-2",
        "[1,2]", "[[],{}]", "{\"a\":1,\"a\":2}", "\"\\u00e9\\n\\/\\\\\\\"\"", "\"\\ud83d\"", "\"é€😀\"", "\"\u{7F}\"",
        "\u{FEFF}{}", "123456789012345678901234567890", "{\"\":[{\"b\":null}]}",
    ])
    func `accepts what is JSON`(text: String) throws {
        try scan(Array(text.utf8))
        _ = try JSONValue.parse(text.utf8Span.span)
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("{", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2),
            ("[1,]", .expectedValue, 3), ("[,1]", .expectedValue, 1), ("[1 2]", .expectedCommaOrEndOfArray, 3),
            ("{\"a\":1,}", .expectedKey, 7), ("{,}", .expectedKey, 1), ("{a:1}", .expectedKey, 1),
            ("{\"a\" 1}", .expectedColon, 5), ("{\"a\":}", .expectedValue, 5),
            ("{\"a\":1]", .expectedCommaOrEndOfObject, 6),
            ("nul", .expectedValue, 0), ("nil", .expectedValue, 0), ("True", .expectedValue, 0),
            ("'a'", .expectedValue, 0),
            ("01", .invalidNumber, 0), ("-", .invalidNumber, 0), ("-a", .invalidNumber, 0), ("1.", .invalidNumber, 0),
            (".5", .expectedValue, 0), ("1e", .invalidNumber, 0), ("1e+", .invalidNumber, 0), ("+1", .expectedValue, 0),
            ("\"", .unexpectedEnd, 1), ("\"\\", .unexpectedEnd, 2), ("\"\\x\"", .invalidEscape, 1),
            ("\"\\u12g4\"", .invalidEscape, 1), ("\"\\u12", .invalidEscape, 1), ("\"a\nb\"", .controlCharacter, 2),
            ("{} {}", .trailingCharacters, 3), ("1 2", .trailingCharacters, 2), ("{}\u{0}", .trailingCharacters, 2),
            ("[1}", .expectedCommaOrEndOfArray, 2), ("]", .expectedValue, 0),
        ] as [(String, JSONError.Code, Int)]
    )
    func `refuses what is not, and says where`(text: String, code: JSONError.Code, offset: Int) {
        let expected = JSONError(code, at: offset)
        #expect(throws: expected) { try scan(Array(text.utf8)) }
        #expect(throws: expected) { try JSONValue.parse(text.utf8Span.span) }
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x80, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xE2, 0x28, 0xA1],
            [0xF0, 0x9F, 0x98, 0x22],
        ] as [[UInt8]]
    )
    func `refuses strings that are not UTF-8`(sequence: [UInt8]) {
        let text = Array("[\"a".utf8) + sequence + Array("\"]".utf8)
        #expect(throws: JSONError(.invalidUTF8, at: 3)) { try scan(text) }
        #expect(throws: JSONError(.invalidUTF8, at: 3)) { try JSONValue.parse(text.span) }
    }

    @Test func `takes every Unicode scalar`() throws {
        for value in UInt32(0x80)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            guard value < 0x1000 || value % 251 == 0 || value & 0xFFFF < 2 || value & 0xFFFF > 0xFFFD else { continue }
            let node = try JSONValue.parse("\"\(Character(scalar))\"".utf8Span.span)
            #expect(node.string?.unicodeScalars.first == scalar)
        }
    }

    @Test func `allows 64 levels and no more`() throws {
        let deepest = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        try scan(Array(deepest.utf8))
        let tooDeep = String(repeating: "{\"a\":", count: 64) + "[]" + String(repeating: "}", count: 64)
        #expect(throws: JSONError(.tooDeep, at: 320)) { try scan(Array(tooDeep.utf8)) }
        #expect(throws: JSONError(.tooDeep, at: 320)) { try JSONValue.parse(tooDeep.utf8Span.span) }
    }

    @Test func `survives a hundred thousand levels`() {
        let text = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(throws: JSONError(.tooDeep, at: 64)) { try scan(text) }
    }

    @Test func `counts depth down again`() throws {
        let text = Array(("[" + Array(repeating: "[[]]", count: 100).joined(separator: ",") + "]").utf8)
        try scan(text, maxDepth: 3)
        #expect(throws: JSONError(.tooDeep, at: 2)) { try scan(text, maxDepth: 2) }
    }

    @Test func `reads an object member by member`() throws {
        let text = Array(#"{"id":"k\u0061-1", "result": {"x":[1]} ,"n":-12.5e1,"f":false}"#.utf8)
        let bytes = text.span
        var reader = JSONReader()
        try reader.enterObject(in: bytes)
        let id = try #require(try reader.nextKey(in: bytes))
        #expect(id.equals("id", in: bytes) && !id.equals("idx", in: bytes) && !id.equals("i", in: bytes))
        let value = try reader.readString(in: bytes)
        #expect(value.hasEscapes && value.equals("ka-1", in: bytes) && !value.equals("ka-2", in: bytes))
        #expect(try reader.nextKey(in: bytes)?.string(in: bytes) == "result")
        let result = try reader.skipValue(in: bytes)
        #expect(text[result].elementsEqual(#"{"x":[1]}"#.utf8))
        #expect(try reader.nextKey(in: bytes) != nil)
        #expect(try reader.peek(in: bytes) == .number)
        let number = try reader.readNumber(in: bytes)
        #expect(text[number].elementsEqual("-12.5e1".utf8))
        #expect(try reader.nextKey(in: bytes) != nil)
        let flag = try reader.readLiteral(in: bytes)
        #expect(flag == false)
        #expect(try reader.nextKey(in: bytes) == nil)
        try reader.readEnd(in: bytes)
    }

    @Test(arguments: [
        (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{C}\n\r\tz"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
        (#""\ud83d\ude00""#, "😀"), (#""\ud83d""#, "\u{FFFD}"), (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"),
        (#""\ud83dx""#, "\u{FFFD}x"), (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\n""#, "\u{FFFD}\n"),
        (#""\u0000""#, "\u{0}"),
    ])
    func `resolves escapes`(text: String, string: String) throws {
        let node = try JSONValue.parse(text.utf8Span.span)
        #expect(node.string.map { Array($0.utf8) } == Array(string.utf8))
    }

    @Test(arguments: [(0, ""), (1, "a"), (2, "a"), (3, "aé"), (6, "aé"), (7, "aé😀"), (8, "aé😀b"), (99, "aé😀b")])
    func `cuts a string between characters`(limit: Int, string: String) throws {
        for text in ["\"aé😀b\"", #""a\u00e9\ud83d\ude00b""#] {
            let bytes = Array(text.utf8)
            var reader = JSONReader()
            let token = try reader.readString(in: bytes.span)
            #expect(token.decoded(in: bytes.span, limit: limit) == Array(string.utf8))
        }
    }
}
