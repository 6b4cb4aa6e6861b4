// SPDX-License-Identifier: Apache-2.0

/// What the peer answers: the empty result to every JSON-RPC request but `initialize`, and to exports that everything was
/// accepted. It notes when each session was called, by the number at the end of its id.
struct PeerAnswer {
    /// When the sessions were called, as a server sees it.
    struct Census: Encodable {
        var calls: UInt64 = 0
        /// Sessions that were called at all.
        var sessions = 0
        /// The longest time between two calls of one session, in milliseconds.
        var longestGapMilliseconds: Int64 = 0
        /// The longest time between the last call of a session and the end.
        var longestSilenceMilliseconds: Int64 = 0
    }

    private let inStreams: Bool
    private let start = ContinuousClock.now
    private var calls: UInt64 = 0
    private var longestGap: Int64 = 0
    /// Milliseconds since the start, by the session's number; -1: never.
    private var lastCalls: [Int64]

    init(inStreams: Bool, sessions: Int) {
        self.inStreams = inStreams
        lastCalls = Array(repeating: -1, count: sessions)
    }

    /// What was seen until now.
    var census: Census {
        let now = milliseconds()
        var census = Census(calls: calls, longestGapMilliseconds: longestGap)
        for last in lastCalls where last >= 0 {
            census.sessions += 1
            census.longestSilenceMilliseconds = max(census.longestSilenceMilliseconds, now - last)
        }
        return census
    }

    /// Appends the answer to one request.
    mutating func append(to request: PeerRequest, in bytes: Span<UInt8>, _ output: inout [UInt8]) {
        let path = request.head.lowerBound..<min(request.head.lowerBound + 16, request.head.upperBound)
        // OTLP/HTTP: the default paths of the signals are /v1/traces, /v1/metrics and /v1/logs.
        if bytes.position(after: " /v1/", in: path) != nil {
            append("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", to: &output)
            return
        }
        // Streamable HTTP: a server that offers no stream answers GET with 405.
        if bytes.position(after: "get ", in: path) != nil {
            append("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n", to: &output)
            return
        }
        guard let id = id(in: bytes, request.body) else {
            append("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", to: &output)
            return
        }
        note(request, in: bytes)
        let isOpening = bytes.position(after: "\"initialize\"", in: request.body) != nil
        let end = isOpening ? Self.opened : Self.empty
        let length = Self.start.utf8CodeUnitCount + id.count + end.utf8CodeUnitCount
        append("HTTP/1.1 200 OK\r\n", to: &output)
        if isOpening { append("Mcp-Session-Id: 0b0d4a52-7c1e-4f0a-9d3e-000000000001\r\n", to: &output) }
        append("Content-Type: ", to: &output)
        append(inStreams ? "text/event-stream" : "application/json", to: &output)
        append("\r\nContent-Length: ", to: &output)
        appendDecimal(
            length + (inStreams ? Self.event.utf8CodeUnitCount + Self.eventEnd.utf8CodeUnitCount : 0),
            to: &output
        )
        append("\r\n\r\n", to: &output)
        if inStreams { append(Self.event, to: &output) }
        append(Self.start, to: &output)
        for index in id { output.append(bytes[index]) }
        append(end, to: &output)
        if inStreams { append(Self.eventEnd, to: &output) }
    }

    private static let event: StaticString = "event: message\ndata: "
    private static let eventEnd: StaticString = "\n\n"
    private static let start: StaticString = "{\"jsonrpc\":\"2.0\",\"id\":"
    private static let empty: StaticString = ",\"result\":{}}"
    private static let opened: StaticString =
        ",\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"serverInfo\":{\"name\":\"peer\",\"version\":\"1\"}}}"

    /// The bytes of the id, quotation marks included; clients of this peer send numbers, and strings without escapes.
    private func id(in bytes: Span<UInt8>, _ body: Range<Int>) -> Range<Int>? {
        guard var start = bytes.position(after: "\"id\":", in: body) else { return nil }
        while start < body.upperBound, bytes[start] == UInt8(ascii: " ") { start += 1 }
        var end = start + 1
        if bytes[start] == UInt8(ascii: "\"") {
            while end < body.upperBound, bytes[end] != UInt8(ascii: "\"") { end += 1 }
            return start..<end + 1
        }
        while end < body.upperBound, bytes[end] != UInt8(ascii: ","), bytes[end] != UInt8(ascii: "}") { end += 1 }
        return start..<end
    }

    private mutating func note(_ request: PeerRequest, in bytes: Span<UInt8>) {
        calls += 1
        guard lastCalls.count > 1, let start = bytes.position(after: "mcp-session-id: ", in: request.head) else {
            return
        }
        var (number, index) = (0, start + ConstantRequest.sessionPrefix.utf8CodeUnitCount)
        while index < request.head.upperBound, (0x30...0x39).contains(bytes[index]) {
            number = number * 10 + Int(bytes[index] - 0x30)
            index += 1
        }
        guard number < lastCalls.count else { return }
        let now = milliseconds()
        if lastCalls[number] >= 0 { longestGap = max(longestGap, now - lastCalls[number]) }
        lastCalls[number] = now
    }

    private func milliseconds() -> Int64 {
        Int64((ContinuousClock.now - start) / .milliseconds(1))
    }

    private func appendDecimal(_ number: Int, to output: inout [UInt8]) {
        if number >= 10 { appendDecimal(number / 10, to: &output) }
        output.append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    private func append(_ text: StaticString, to output: inout [UInt8]) {
        text.withUTF8Buffer { text in unsafe output.append(contentsOf: text) }
    }
}
