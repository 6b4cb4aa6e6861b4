// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import Locking
import MCPWire
import Transfer

/// Reads the answer to one request of the control plane while it arrives.
final class AnswerReading: Sendable {
    private let reader: Locked<AnswerReader>

    init(expecting id: RequestID) {
        reader = Locked(AnswerReader(expecting: id))
    }

    /// Takes in a piece; true when the answer is complete.
    func receive(_ piece: Span<UInt8>, of partial: borrowing PartialResponse) -> Bool {
        let contentType = partial.withHeader(StreamableHTTPHeader.contentType) { AnswerContentType($0) } ?? .absent
        return reader.withLock { $0.receive(piece, contentType: contentType) }
    }

    /// The exchange that ended with `response`.
    func exchange(_ method: MCPMethod, _ response: Response, unixSeconds: Int64) -> Exchange {
        let contentType = AnswerContentType(response.contentType ?? "")
        let isEncoded = response.header("content-encoding").map { StreamableHTTPHeader.isEncoded($0.utf8Span.span) }
        let (answer, result) = reader.withLock { reader -> (Answer, [UInt8]?) in
            let answer = reader.finish(
                contentType: contentType,
                isEncoded: isEncoded ?? false,
                body: response.body.span
            )
            guard case .result(let result) = answer else { return (answer, nil) }
            return (answer, reader.copy(result, in: response.body.span))
        }
        var evidence = CallEvidence(method, status: response.status, answer: answer)
        evidence.readHeaders(of: response, unixSeconds: unixSeconds)
        let outcome =
            method == .initialized && (200..<300).contains(response.status)
            ? .success : OutcomeClassification.classify(evidence)
        return Exchange(
            outcome: outcome,
            answer: answer,
            status: response.status,
            result: result,
            sessionID: response.header("mcp-session-id"),
            duration: response.timings.total,
            error: nil
        )
    }
}
