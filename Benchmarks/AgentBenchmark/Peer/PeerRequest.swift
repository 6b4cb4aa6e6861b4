// SPDX-License-Identifier: Apache-2.0

/// One HTTP/1.1 request at the beginning of what a connection received.
struct PeerRequest {
    /// The request line and the headers, with the empty line at the end.
    let head: Range<Int>
    let body: Range<Int>

    /// Finds the request that begins at `start`; nil while it is incomplete.
    init?(in bytes: Span<UInt8>, at start: Int) {
        guard let bodyStart = Self.endOfHead(in: bytes, at: start) else { return nil }
        let length = Self.contentLength(in: bytes, start..<bodyStart)
        guard bytes.count - bodyStart >= length else { return nil }
        head = start..<bodyStart
        body = bodyStart..<bodyStart + length
    }

    private static func endOfHead(in bytes: Span<UInt8>, at start: Int) -> Int? {
        var index = start + 3
        while index < bytes.count {
            // Skips as far as the newest byte allows.
            if bytes[index] == UInt8(ascii: "\n") {
                if bytes[index - 2] == UInt8(ascii: "\n") { return index + 1 }
                index += 2
            } else {
                index += bytes[index] == UInt8(ascii: "\r") ? 1 : 4
            }
        }
        return nil
    }

    private static func contentLength(in bytes: Span<UInt8>, _ head: Range<Int>) -> Int {
        guard var index = bytes.position(after: "content-length:", in: head) else { return 0 }
        while bytes[index] == UInt8(ascii: " ") { index += 1 }
        var length = 0
        while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
            length = length * 10 + Int(bytes[index] - UInt8(ascii: "0"))
            index += 1
        }
        return length
    }
}

extension Span<UInt8> {
    /// Where the first occurrence of `text` ends, whatever the case of its letters; `text` has none in upper case.
    func position(after text: StaticString, in range: Range<Int>) -> Int? {
        let length = text.utf8CodeUnitCount
        guard range.count >= length else { return nil }
        return text.withUTF8Buffer { text in
            for start in range.lowerBound...(range.upperBound - length) {
                var matched = 0
                while matched < length, unsafe lowercased(start + matched) == text[matched] { matched += 1 }
                if matched == length { return start + length }
            }
            return nil
        }
    }

    private func lowercased(_ index: Int) -> UInt8 {
        let byte = self[index]
        return (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
