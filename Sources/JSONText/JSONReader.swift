// SPDX-License-Identifier: Apache-2.0

/// A position in a JSON text, and the calls that read on from there: strict (RFC 8259), bounded in depth, without
/// allocation, safe on any input.
///
/// The bytes are passed to every call, because a borrowed span cannot be kept; they must be the same each time. After
/// an error the reader is of no further use. An object is read so:
/// ```swift
/// try reader.enterObject(in: bytes)
/// while let key = try reader.nextKey(in: bytes) {
///     if key.equals("id", in: bytes) { … } else { try reader.skipValue(in: bytes) }
/// }
/// ```
package struct JSONReader: Sendable {
    /// Where the reader stands, in bytes from the beginning.
    package internal(set) var offset = 0
    /// How many arrays and objects may be open at once.
    package let maxDepth: Int
    private var depth = 0
    /// Nothing of the innermost array or object was read yet, so that no comma is due.
    private var isAtStart = false

    /// The depth that is enough for everything the protocol knows.
    package static let defaultMaxDepth = 64

    package init(maxDepth: Int = JSONReader.defaultMaxDepth) {
        self.maxDepth = maxDepth
    }

    /// Skips a byte order mark, which parsers may ignore (RFC 8259, section 8.1).
    package mutating func skipByteOrderMark(in bytes: Span<UInt8>) {
        if offset == 0, bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { offset = 3 }
    }

    /// The kind of the value that begins here, after white space; its first byte says it.
    package mutating func peek(in bytes: Span<UInt8>) throws(JSONError) -> JSONKind {
        switch try nextByte(in: bytes) {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        default: throw JSONError(.expectedValue, at: offset)
        }
    }

    /// Reads the opening brace of an object.
    package mutating func enterObject(in bytes: Span<UInt8>) throws(JSONError) {
        try enter(UInt8(ascii: "{"), in: bytes)
    }

    /// Reads the next member name and its colon, or the closing brace: nil.
    package mutating func nextKey(in bytes: Span<UInt8>) throws(JSONError) -> JSONStringToken? {
        let more = try next(UInt8(ascii: "}"), orThrow: .expectedCommaOrEndOfObject, in: bytes)
        guard more else { return nil }
        guard try nextByte(in: bytes) == UInt8(ascii: "\"") else { throw JSONError(.expectedKey, at: offset) }
        let key = try readString(in: bytes)
        guard try nextByte(in: bytes) == UInt8(ascii: ":") else { throw JSONError(.expectedColon, at: offset) }
        offset += 1
        return key
    }

    /// Reads the opening bracket of an array.
    package mutating func enterArray(in bytes: Span<UInt8>) throws(JSONError) {
        try enter(UInt8(ascii: "["), in: bytes)
    }

    /// Whether another element follows; false when the closing bracket was read.
    package mutating func nextElement(in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        try next(UInt8(ascii: "]"), orThrow: .expectedCommaOrEndOfArray, in: bytes)
    }

    /// Reads `null`, `true` or `false`: nil, true, false.
    package mutating func readLiteral(in bytes: Span<UInt8>) throws(JSONError) -> Bool? {
        switch try nextByte(in: bytes) {
        case UInt8(ascii: "t"):
            try read("true", in: bytes)
            return true
        case UInt8(ascii: "f"):
            try read("false", in: bytes)
            return false
        default:
            try read("null", in: bytes)
            return nil
        }
    }

    /// Reads a value of any kind, checks it whole, and returns where it stands.
    @discardableResult
    package mutating func skipValue(in bytes: Span<UInt8>) throws(JSONError) -> Range<Int> {
        let kind = try peek(in: bytes)
        let start = offset
        switch kind {
        case .object:
            try enterObject(in: bytes)
            while try nextKey(in: bytes) != nil { try skipValue(in: bytes) }
        case .array:
            try enterArray(in: bytes)
            while try nextElement(in: bytes) { try skipValue(in: bytes) }
        case .string: _ = try readString(in: bytes)
        case .number: _ = try readNumber(in: bytes)
        case .bool, .null: _ = try readLiteral(in: bytes)
        }
        return start..<offset
    }

    /// Checks that nothing but white space follows.
    package mutating func readEnd(in bytes: Span<UInt8>) throws(JSONError) {
        skipWhiteSpace(in: bytes)
        guard offset == bytes.count else { throw JSONError(.trailingCharacters, at: offset) }
    }
}

extension JSONReader {
    /// Moves on to the next byte that is no white space, and returns it without reading it.
    mutating func nextByte(in bytes: Span<UInt8>) throws(JSONError) -> UInt8 {
        skipWhiteSpace(in: bytes)
        guard offset < bytes.count else { throw JSONError(.unexpectedEnd, at: offset) }
        return bytes[offset]
    }

    private mutating func skipWhiteSpace(in bytes: Span<UInt8>) {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    private mutating func enter(_ opening: UInt8, in bytes: Span<UInt8>) throws(JSONError) {
        guard try nextByte(in: bytes) == opening else { throw JSONError(.unexpectedCharacter, at: offset) }
        guard depth < maxDepth else { throw JSONError(.tooDeep, at: offset) }
        depth += 1
        offset += 1
        isAtStart = true
    }

    /// Reads the comma before another member or element where one is due: true; or the closing character: false.
    private mutating func next(
        _ closing: UInt8,
        orThrow code: JSONError.Code,
        in bytes: Span<UInt8>
    ) throws(JSONError) -> Bool {
        let byte = try nextByte(in: bytes)
        if byte == closing {
            depth -= 1
            offset += 1
            isAtStart = false
            return false
        }
        if isAtStart {
            isAtStart = false
            return true
        }
        guard byte == UInt8(ascii: ",") else { throw JSONError(code, at: offset) }
        offset += 1
        // A closing character here would be a trailing comma: what reads on refuses it.
        return true
    }

    private mutating func read(_ word: StaticString, in bytes: Span<UInt8>) throws(JSONError) {
        guard bytes.matches(word, at: offset) else { throw JSONError(.expectedValue, at: offset) }
        offset += word.utf8CodeUnitCount
    }
}
