// SPDX-License-Identifier: Apache-2.0

import JSONText

/// Reads the answer to one request as it arrives, whether as JSON or as an event stream.
///
/// What others' business is (notifications, requests of the server, responses to other ids) is ignored in streams. A
/// reader is used for one request after the other; a successful answer costs no allocation.
package struct AnswerReader: Sendable {
    /// The request whose answer is read.
    package private(set) var expected: RequestID

    private var parser = EventStreamParser()
    /// The answer that ends the reading.
    private var response: Answer?
    /// The answer when the stream ends without a better one.
    private var remnant: Answer?
    /// How many bytes of the body were received as an event stream.
    private var receivedCount = 0

    package init(expecting id: RequestID) {
        expected = id
    }

    /// Forgets the last answer, for the next request.
    package mutating func reset(expecting id: RequestID) {
        expected = id
        if receivedCount > 0 { parser.reset() }
        response = nil
        remnant = nil
        receivedCount = 0
    }

    /// Takes in what just arrived of the body.
    /// - Returns: whether the response is there, so that nobody need wait for the rest; JSON is read by `finish` only.
    package mutating func receive(_ newBytes: Span<UInt8>, contentType: AnswerContentType) -> Bool {
        guard contentType == .eventStream else { return false }
        receivedCount += newBytes.count
        var offset = 0
        while response == nil, parser.readEvent(from: newBytes, at: &offset) { takeEvent() }
        return response != nil
    }

    /// The answer, once the body has ended, for whatever reason.
    /// - Parameters:
    ///   - isEncoded: the answer has a content encoding that was not asked for.
    ///   - body: all of the body; of an event stream, what `receive` was given already is not read again.
    package mutating func finish(
        contentType: AnswerContentType,
        isEncoded: Bool = false,
        body: Span<UInt8>
    ) -> Answer {
        if let response { return response }
        if isEncoded { return .unusable(.contentEncoding, UnusableText()) }
        guard contentType == .eventStream else { return Self.read(body, as: contentType, expecting: expected) }
        if receivedCount < body.count, receive(body.extracting(receivedCount...), contentType: contentType),
            let response
        {
            return response
        }
        if let remnant { return remnant }
        // Not a line of an event stream in it: some error page that goes by the wrong name.
        if !parser.isRecognized { return Self.read(body, as: .other, expecting: expected) }
        return .endedWithoutResponse
    }

    /// The JSON text of `result`, which `finish` returned for this `body`.
    package func copy(_ result: RPCResult, in body: Span<UInt8>) -> [UInt8] {
        response == nil ? body.copy(result.range) : Array(parser.data[result.range])
    }

    private mutating func takeEvent() {
        // Other types of events are no messages; empty data only primes the `id` (MCP 2025-11-25, basic/transports,
        // Sending Messages to the Server).
        guard parser.type.isEmpty || parser.type.span.equals("message"), !parser.data.isEmpty else { return }
        let message: JSONRPCMessage
        do {
            message = try JSONRPCMessage.read(parser.data.span, expecting: expected)
        } catch {
            remnant = remnant ?? .unusable(.syntax, UnusableText(parser.data.span, isHTML: false))
            return
        }
        switch message {
        case .result(let result): response = .result(result)
        case .error(let error) where error.identity != .foreign: response = .error(error)
        // Most likely somebody else's, but when nothing better comes it answers the exchange.
        case .error(let error): remnant = .error(error)
        case .other:
            remnant = remnant ?? .unusable(.notJSONRPC, UnusableText(parser.data.span, isHTML: false))
        case .foreignResult, .call: break
        }
    }

    /// Reads a body that is no event stream.
    private static func read(
        _ body: Span<UInt8>,
        as contentType: AnswerContentType,
        expecting id: RequestID
    ) -> Answer {
        if body.isBlank { return .empty }
        let isJSON = contentType == .json
        let message: JSONRPCMessage
        do {
            message = try JSONRPCMessage.read(body, expecting: id)
        } catch {
            return .unusable(isJSON ? .syntax : .contentType, UnusableText(body, isHTML: contentType == .html))
        }
        switch message {
        case .result(let result): return isJSON ? .result(result) : .unusable(.contentType, UnusableText())
        case .foreignResult: return .unusable(.wrongID, UnusableText())
        // An error counts whatever it is called: the body comes before everything else.
        case .error(let error): return .error(error)
        case .call: return .unusable(.notJSONRPC, UnusableText())
        case .other: return .unusable(.notJSONRPC, UnusableText(body, isHTML: false))
        }
    }
}
