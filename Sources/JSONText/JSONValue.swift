// SPDX-License-Identifier: Apache-2.0

/// A JSON value with everything in it, for texts of which most is of interest.
package indirect enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONNode])
    case object(JSONObject)

    /// How many values a text may have, so that a small text cannot make a large tree.
    package static let defaultMaxValues = 1 << 20

    /// Reads a whole text: one value, with nothing but white space around it.
    package static func parse(
        _ bytes: Span<UInt8>,
        maxDepth: Int = JSONReader.defaultMaxDepth,
        maxValues: Int = JSONValue.defaultMaxValues
    ) throws(JSONError) -> JSONNode {
        var builder = Builder(reader: JSONReader(maxDepth: maxDepth), remaining: maxValues)
        builder.reader.skipByteOrderMark(in: bytes)
        let node = try builder.node(in: bytes)
        try builder.reader.readEnd(in: bytes)
        return node
    }

    /// Reads one value of a larger text, which begins where the reader stands.
    package static func read(
        by reader: inout JSONReader,
        in bytes: Span<UInt8>,
        maxValues: Int = JSONValue.defaultMaxValues
    ) throws(JSONError) -> JSONNode {
        var builder = Builder(reader: reader, remaining: maxValues)
        let node = try builder.node(in: bytes)
        reader = builder.reader
        return node
    }

    /// Reads values into a tree.
    private struct Builder {
        var reader: JSONReader
        /// How many more values are allowed.
        var remaining: Int

        mutating func node(in bytes: Span<UInt8>) throws(JSONError) -> JSONNode {
            let kind = try reader.peek(in: bytes)
            let offset = reader.offset
            guard remaining > 0 else { throw JSONError(.tooManyValues, at: offset) }
            remaining -= 1
            return JSONNode(offset: offset, value: try value(of: kind, in: bytes))
        }

        private mutating func value(of kind: JSONKind, in bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
            switch kind {
            case .null, .bool:
                return try reader.readLiteral(in: bytes).map(JSONValue.bool) ?? .null
            case .number:
                let range = try reader.readNumber(in: bytes)
                return .number(JSONNumber(text: String(decoding: bytes.copy(range), as: UTF8.self)))
            case .string:
                return .string(try reader.readString(in: bytes).string(in: bytes))
            case .array:
                var elements: [JSONNode] = []
                try reader.enterArray(in: bytes)
                while try reader.nextElement(in: bytes) { elements.append(try node(in: bytes)) }
                return .array(elements)
            case .object:
                var members: [JSONObject.Member] = []
                try reader.enterObject(in: bytes)
                while let key = try reader.nextKey(in: bytes) {
                    members.append(
                        JSONObject.Member(
                            key: key.string(in: bytes),
                            keyOffset: key.range.lowerBound - 1,
                            node: try node(in: bytes)
                        )
                    )
                }
                return .object(JSONObject(members: members))
            }
        }
    }
}
