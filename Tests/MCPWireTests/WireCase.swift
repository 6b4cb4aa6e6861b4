// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import MCPWire
import Testing

/// What a server answered, and what it means.
struct WireCase: Sendable, CustomTestStringConvertible {
    var name: String
    var request: MCPMethod
    var status: Int
    var contentType: String
    var body: String
    var curlCode: Int32 = 0
    var expected: Outcome

    init(
        _ name: String,
        on request: MCPMethod = .ping,
        _ status: Int,
        as contentType: String = "application/json",
        _ body: String,
        curl curlCode: Int32 = 0,
        _ expected: Outcome
    ) {
        self.name = name
        self.request = request
        self.status = status
        self.contentType = contentType
        self.body = body
        self.curlCode = curlCode
        self.expected = expected
    }

    var testDescription: String { name }

    /// The request that all cases answer.
    static let id = RequestID(prefix: 0x0123_4567_89AB_CDEF, counter: 17)

    /// How its id is written.
    static let idText = "\"ka-0123456789abcdef-17\""

    /// What was seen, read from the raw bytes as they would arrive.
    var evidence: CallEvidence {
        var reader = AnswerReader(expecting: Self.id)
        let type = AnswerContentType(contentType)
        var evidence = CallEvidence(request, status: status)
        evidence.curlCode = curlCode
        if !reader.receive(body.utf8Span.span, contentType: type), curlCode != 0, body.isEmpty { return evidence }
        evidence.answer = reader.finish(contentType: type, body: body.utf8Span.span)
        return evidence
    }

    /// The rows of the table that the case stands for.
    var row: OutcomeClassification.Row? {
        let evidence = evidence
        return evidence.isSuccess ? nil : OutcomeClassification.rows.first { $0.matches(evidence) }
    }

    /// A JSON-RPC error.
    static func error(_ code: Int, _ message: String, id: String = "null") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":\#(code),"message":"\#(message)"}}"#
    }

    /// The response to the request.
    static func result(_ result: String = "{}", id: String = WireCase.idText) -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#
    }

    /// `message` as an event of a Python server.
    static func event(_ message: String) -> String {
        "event: message\r\ndata: \(message)\r\n\r\n"
    }
}

extension Outcome {
    static let lost = Outcome(reason: .sessionExpired, verdict: .lost, breaker: .none, reaction: .stopSession)

    /// A failure that says nothing of the session, and counts.
    static func counted(_ reason: FailureReason, _ verdict: Verdict = .unknown, _ reaction: Reaction = .none) -> Outcome
    {
        Outcome(reason: reason, verdict: verdict, breaker: .counts, reaction: reaction)
    }

    /// A failure that does not count.
    static func uncounted(_ reason: FailureReason, _ verdict: Verdict = .unknown, _ reaction: Reaction) -> Outcome {
        Outcome(reason: reason, verdict: verdict, breaker: .none, reaction: reaction)
    }
}
