// SPDX-License-Identifier: Apache-2.0

extension Span<UInt8> {
    /// Whether the bytes at `offset` are those of `text`; false where they would reach over the end.
    package func matches(_ text: StaticString, at offset: Int = 0) -> Bool {
        let length = text.utf8CodeUnitCount
        guard offset >= 0, offset + length <= count else { return false }
        return text.withUTF8Buffer { expected in
            for position in 0..<length where unsafe self[offset + position] != expected[position] { return false }
            return true
        }
    }

    /// Whether the bytes are those of `text`, no more and no less.
    package func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && matches(text)
    }

    /// The bytes at `range`, which must lie inside.
    package func copy(_ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        for position in range { result.append(self[position]) }
        return result
    }
}
