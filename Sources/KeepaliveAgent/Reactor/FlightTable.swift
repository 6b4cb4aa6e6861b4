// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import MCPWire
import Telemetry
import Transfer

/// All keepalive cycles under way, by the number that the engine gave each; the numbers are dense, so it is an array.
///
/// A class, because libcurl's callbacks read answers into it while the reactor is in the middle of a turn.
final class FlightTable {
    private var flights: [KeepaliveFlight?] = []
    private var requestIDs: RequestIDSource
    private var random: any RandomNumberGenerator

    /// - Parameter random: where trace ids and the prefix of request ids come from; must not repeat itself between processes.
    init(using random: any RandomNumberGenerator) {
        self.random = random
        requestIDs = RequestIDSource(prefix: self.random.next())
    }

    /// The flight of a cycle that has started and not ended.
    subscript(cycle: Int32) -> KeepaliveFlight? {
        Int(cycle) < flights.count ? flights[Int(cycle)] : nil
    }

    /// Notes that a call starts: the first of its cycle begins a trace.
    func begin(_ attempt: Attempt, unixNanoseconds: UInt64) -> KeepaliveFlight {
        let index = Int(attempt.cycle)
        while flights.count <= index { flights.append(nil) }
        let id = requestIDs.next()
        if attempt.number > 0, var flight = flights[index] {
            flight.attempt = attempt
            flight.call = flight.root.child(using: &random)
            flight.requestID = id
            flight.callStart = unixNanoseconds
            flight.reader.reset(expecting: id)
            flight.contentType = nil
            flight.record = nil
            flights[index] = flight
            return flight
        }
        let root = SpanContext.root(using: &random)
        let flight = KeepaliveFlight(
            root: root,
            start: unixNanoseconds,
            attempt: attempt,
            call: root.child(using: &random),
            requestID: id,
            callStart: unixNanoseconds,
            reader: AnswerReader(expecting: id)
        )
        flights[index] = flight
        return flight
    }

    /// Reads a piece of an answer; true when it is complete although its stream goes on.
    func receive(_ piece: Swift.Span<UInt8>, of partial: borrowing PartialResponse, cycle: Int) -> Bool {
        guard cycle < flights.count, flights[cycle] != nil else { return false }
        let contentType =
            flights[cycle]?.contentType
            ?? partial.withHeader(StreamableHTTPHeader.contentType) { AnswerContentType($0) } ?? .absent
        flights[cycle]?.contentType = contentType
        return flights[cycle]?.reader.receive(piece, contentType: contentType) ?? false
    }

    /// Reads the rest of an answer and says what was seen of the call.
    func finish(_ completion: borrowing Completion, cycle: Int, unixSeconds: Int64) -> CallEvidence? {
        guard cycle < flights.count, let attempt = flights[cycle]?.attempt else { return nil }
        let method = MCPMethod(attempt.method)
        let status = completion.status
        // Before a status there is no answer to read, whatever was left in the buffers.
        guard status > 0 else { return CallEvidence(method, status: 0, answer: .none, error: completion.error) }
        let contentType = completion.withHeader(StreamableHTTPHeader.contentType) { AnswerContentType($0) } ?? .absent
        let isEncoded =
            completion.withHeader(StreamableHTTPHeader.contentEncoding) { StreamableHTTPHeader.isEncoded($0) } ?? false
        let answer =
            flights[cycle]?.reader.finish(
                contentType: contentType,
                isEncoded: isEncoded,
                body: completion.body.span
            ) ?? .none
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
    func record(_ record: CallRecord, cycle: Int32) {
        flights[Int(cycle)]?.record = record
    }

    /// Forgets a cycle that ended.
    func end(_ cycle: Int32) {
        flights[Int(cycle)] = nil
    }
}
