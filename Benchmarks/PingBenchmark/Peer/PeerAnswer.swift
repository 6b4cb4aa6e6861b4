// SPDX-License-Identifier: Apache-2.0

/// What the peer answers: the empty result to every JSON-RPC request, and to exports that everything was accepted.
enum PeerAnswer {
    /// Appends the answer to one request.
    static func append(to request: PeerRequest, in bytes: Span<UInt8>, _ output: inout [UInt8]) {
        let path = request.head.lowerBound..<min(request.head.lowerBound + 16, request.head.upperBound)
        // OTLP/HTTP: the default paths of the signals are /v1/traces, /v1/metrics and /v1/logs.
        if bytes.position(after: " /v1/", in: path) != nil {
            append("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", to: &output)
            return
        }
        guard let id = stringID(in: bytes, request.body) else {
            append("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", to: &output)
            return
        }
        append("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ", to: &output)
        appendDecimal(prefix.utf8CodeUnitCount + id.count + suffix.utf8CodeUnitCount, to: &output)
        append("\r\n\r\n", to: &output)
        append(prefix, to: &output)
        for index in id { output.append(bytes[index]) }
        append(suffix, to: &output)
    }

    private static let prefix: StaticString = "{\"jsonrpc\":\"2.0\",\"id\":\""
    private static let suffix: StaticString = "\",\"result\":{}}"

    /// The bytes between the quotation marks of the id; the clients of this peer send strings without escapes.
    private static func stringID(in bytes: Span<UInt8>, _ body: Range<Int>) -> Range<Int>? {
        guard let start = bytes.position(after: "\"id\":\"", in: body) else { return nil }
        var end = start
        while end < body.upperBound, bytes[end] != UInt8(ascii: "\"") { end += 1 }
        return start..<end
    }

    private static func appendDecimal(_ number: Int, to output: inout [UInt8]) {
        if number >= 10 { appendDecimal(number / 10, to: &output) }
        output.append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    private static func append(_ text: StaticString, to output: inout [UInt8]) {
        text.withUTF8Buffer { text in unsafe output.append(contentsOf: text) }
    }
}
