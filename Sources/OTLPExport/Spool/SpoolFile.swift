// SPDX-License-Identifier: Apache-2.0

/// What is in a file of the spool: a request's body as gzip, and a newline as gzip, which together are one line of OTLP JSON
/// to whatever reads gzip. The body can be sent as it is.
enum SpoolFile {
    /// A batch as it is sent again.
    struct Content: Sendable, Hashable {
        let body: [UInt8]
        let isCompressed: Bool
    }

    /// A newline as gzip (RFC 1952, section 2.2: members follow each other).
    private static let newline: [UInt8] = {
        var bytes: [UInt8] = []
        guard var gzip = try? Gzip(level: 1) else { return bytes }
        gzip.compress([0x0A], into: &bytes)
        return bytes
    }()

    /// The bytes of a file for a body that is gzip already.
    static func encode(compressed body: [UInt8]) -> [UInt8] {
        body + newline
    }

    /// Reads a file; nil when it is damaged, cut short or something else than a line of JSON.
    /// - Parameters:
    ///   - compressed: whether the body is wanted as gzip.
    ///   - limit: the largest body, in bytes after inflating.
    static func decode(_ bytes: [UInt8], compressed: Bool, limit: Int) -> Content? {
        guard let line = try? Gzip.inflate(bytes, limit: limit + 1), line.count > 2, line.last == 0x0A,
            line.first == 0x7B, line[line.count - 2] == 0x7D
        else { return nil }
        let isOurs = !newline.isEmpty && bytes.suffix(newline.count).elementsEqual(newline)
        if compressed, isOurs { return Content(body: Array(bytes.dropLast(newline.count)), isCompressed: true) }
        return Content(body: Array(line.dropLast()), isCompressed: false)
    }
}
