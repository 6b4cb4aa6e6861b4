// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import MCPWire
import Telemetry
import Transfer

/// All keepalive cycles under way, by the number that the engine gave each; the numbers are dense, so it is an array.
///
/// A class, because libcurl's callbacks read answers into it while the reactor is in the middle of a turn.
final class FlightTable {
    private var flights: [KeepaliveFlight] = []
    private var requestIDs: RequestIDSource
    private var random: any RandomNumberGenerator
    private let sampler: Sampler

    /// - Parameters:
    ///   - random: where trace ids and the prefix of request ids come from; must not repeat itself between processes.
    ///   - sampler: decides which cycles have spans.
    init(using random: any RandomNumberGenerator, sampler: Sampler = .default) {
        self.random = random
        self.sampler = sampler
        requestIDs = RequestIDSource(prefix: self.random.next())
    }

    /// The call of a cycle that has started and not ended.
    func attempt(of cycle: Int32) -> Attempt? {
        isUnderWay(Int(cycle)) ? flights[Int(cycle)].attempt : nil
    }

    /// What telemetry tells of a cycle that has started and not ended.
    func trace(of cycle: Int32) -> CycleTrace? {
        isUnderWay(Int(cycle)) ? flights[Int(cycle)].trace : nil
    }

    /// Whether a cycle that has started and not ended has spans.
    func isSampled(_ cycle: Int32) -> Bool {
        isUnderWay(Int(cycle)) && flights[Int(cycle)].trace.root.flags.contains(.sampled)
    }

    /// Notes that a call starts: the first of its cycle begins a trace. Returns what goes out with the call.
    func begin(_ attempt: Attempt, unixNanoseconds: UInt64) -> (context: SpanContext, id: RequestID) {
        let index = Int(attempt.cycle)
        let id = requestIDs.next()
        let isFirst = attempt.number == 0 || !isUnderWay(index)
        let root = isFirst ? SpanContext.root(using: &random, sampler: sampler) : flights[index].trace.root
        let call = root.child(using: &random)
        if index == flights.count {
            flights.append(KeepaliveFlight(attempt, root: root, call: call, id: id, unixNanoseconds: unixNanoseconds))
        } else {
            flights[index].begin(attempt, call: call, id: id, unixNanoseconds: unixNanoseconds)
            if isFirst { flights[index].trace = CycleTrace(root: root, start: unixNanoseconds) }
        }
        return (call, id)
    }

    /// Reads a piece of an answer; true when it is complete although its stream goes on.
    func receive(_ piece: Swift.Span<UInt8>, of partial: borrowing PartialResponse, cycle: Int) -> Bool {
        guard isUnderWay(cycle) else { return false }
        let contentType =
            flights[cycle].contentType
            ?? partial.withHeader(StreamableHTTPHeader.contentType) { AnswerContentType($0) } ?? .absent
        flights[cycle].contentType = contentType
        return flights[cycle].reader.receive(piece, contentType: contentType)
    }

    /// Reads the rest of an answer and says what was seen of the call.
    func finish(_ completion: borrowing Completion, cycle: Int, unixSeconds: Int64) -> CallEvidence? {
        guard isUnderWay(cycle) else { return nil }
        let method = MCPMethod(flights[cycle].attempt.method)
        let status = completion.status
        // Before a status there is no answer to read, whatever was left in the buffers.
        guard status > 0 else { return CallEvidence(method, status: 0, answer: .none, error: completion.error) }
        let contentType = completion.withHeader(StreamableHTTPHeader.contentType) { AnswerContentType($0) } ?? .absent
        let isEncoded =
            completion.withHeader(StreamableHTTPHeader.contentEncoding) { StreamableHTTPHeader.isEncoded($0) } ?? false
        let answer = flights[cycle].reader.finish(
            contentType: contentType,
            isEncoded: isEncoded,
            body: completion.body.span
        )
        var evidence = CallEvidence(method, status: status, answer: answer, error: completion.error)
        evidence.retryAfter =
            completion.withHeader(StreamableHTTPHeader.retryAfter) { value in
                StreamableHTTPHeader.retryAfter(value, now: unixSeconds)
            } ?? nil
        evidence.advertisedTTL =
            completion.withHeader(StreamableHTTPHeader.sessionIdleTTL) { StreamableHTTPHeader.idleTTL($0) } ?? nil
        return evidence
    }

    /// Keeps what telemetry tells of the call that just ended.
    func record(
        _ evidence: CallEvidence,
        duration: Duration,
        session: (name: String, protocolVersion: String),
        cycle: Int32
    ) {
        let index = Int(cycle)
        flights[index].trace.record = CallRecord(
            context: flights[index].call,
            sessionName: session.name,
            protocolVersion: session.protocolVersion,
            requestID: flights[index].requestID,
            start: flights[index].callStart,
            duration: duration,
            status: evidence.status,
            rpcErrorCode: evidence.answer.errorCode
        )
    }

    /// Forgets a cycle that ended; its buffers serve the next one of that number.
    func end(_ cycle: Int32) {
        flights[Int(cycle)].end()
    }

    private func isUnderWay(_ index: Int) -> Bool {
        index < flights.count && flights[index].isUnderWay
    }
}
