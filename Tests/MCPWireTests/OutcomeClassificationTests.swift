// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import MCPWire
import Testing

@Suite struct OutcomeClassificationTests {
    @Test(arguments: WireCase.expired)
    func `recognizes an expired session in the wild`(wireCase: WireCase) {
        #expect(OutcomeClassification.classify(wireCase.evidence) == wireCase.expected)
    }

    @Test(arguments: WireCase.overloads)
    func `is not misled by overloaded answers`(wireCase: WireCase) {
        #expect(OutcomeClassification.classify(wireCase.evidence) == wireCase.expected)
    }

    @Test(arguments: WireCase.successes + WireCase.refusals + WireCase.defects)
    func `classifies an answer`(wireCase: WireCase) {
        #expect(OutcomeClassification.classify(wireCase.evidence) == wireCase.expected)
    }

    /// A transfer that failed: the CURLcode, the errno, and what that means.
    struct Failure: Sendable, CustomTestStringConvertible {
        var curlCode: Int32
        var osError: Int32 = 0
        var status = 0
        var expected: Outcome

        init(_ curlCode: Int32, errno osError: Int32 = 0, status: Int = 0, _ expected: Outcome) {
            self.curlCode = curlCode
            self.osError = osError
            self.status = status
            self.expected = expected
        }

        var testDescription: String { "curl \(curlCode), errno \(osError), status \(status)" }

        var evidence: CallEvidence {
            var evidence = CallEvidence(.ping, status: status)
            evidence.curlCode = curlCode
            evidence.osError = osError
            return evidence
        }

        static let shortage = Outcome.uncounted(.localResource, .unknown, .shedLoad)
        static let tls = Outcome(reason: .tls, verdict: .unknown, breaker: .trips, reaction: .none)

        static let all: [Failure] =
            [1, 3, 8, 16, 61, 92, 100, 99].map { Failure($0, .counted(.protocol)) }
            + [35, 51, 53, 54, 58, 59, 60, 66, 77, 80, 82, 83, 90, 91].map { Failure($0, tls) }
            + [52, 55, 56].map { Failure($0, errno: 104, .counted(.reset)) }
            + [5, 6].map { Failure($0, .counted(.dns)) }
            + [2, 27, 41].map { Failure($0, shortage) }
            + [24, 23, 105, 99].map { Failure(7, errno: $0, shortage) }
            + [
                Failure(6, errno: 24, shortage),
                Failure(7, errno: 111, .counted(.connect)),
                Failure(28, .counted(.timeout)),
                Failure(28, status: 200, .counted(.timeout)),
                Failure(18, status: 200, .counted(.noResponse)),
                Failure(63, status: 200, .counted(.bodyTooLarge)),
                Failure(42, .uncounted(.cancelled, .unknown, .none)),
                // The status was there before the transfer failed, and says more.
                Failure(56, status: 401, .uncounted(.unauthorized, .unknown, .refreshCredential)),
                Failure(28, status: 500, .counted(.http5xx)),
                // An errno that is left over from a call that went well means nothing.
                Failure(0, errno: 24, status: 200, .counted(.noResponse)),
            ]
    }

    @Test(arguments: Failure.all)
    func `classifies a failed transfer`(failure: Failure) {
        #expect(OutcomeClassification.classify(failure.evidence) == failure.expected)
    }

    @Test func `a body over its cap is told from a broken one`() {
        let broken = Answer.unusable(.syntax, UnusableText(prefix: "{"))
        var evidence = CallEvidence(.ping, status: 200, answer: broken)
        evidence.limitExceeded = true
        evidence.curlCode = 23
        #expect(OutcomeClassification.classify(evidence) == .counted(.bodyTooLarge))
        evidence.status = 500
        #expect(OutcomeClassification.classify(evidence) == .counted(.http5xx))
    }

    @Test func `a header section over its cap breaks the protocol`() {
        var evidence = CallEvidence(.ping)
        evidence.curlCode = 56
        evidence.headersTooLarge = true
        #expect(OutcomeClassification.classify(evidence) == .counted(.protocol))
    }

    @Test func `a content encoding breaks the protocol`() {
        var reader = AnswerReader(expecting: WireCase.id)
        let answer = reader.finish(contentType: .json, isEncoded: true, body: [0x1F, 0x8B, 0x08].span)
        let evidence = CallEvidence(.ping, status: 200, answer: answer)
        #expect(OutcomeClassification.classify(evidence) == .counted(.protocol))
    }

    @Test func `what the agent stopped is no failure, unless it had succeeded`() {
        var evidence = CallEvidence(.ping, status: 500)
        evidence.stoppedByAgent = true
        #expect(OutcomeClassification.classify(evidence).reason == .cancelled)
        evidence.status = 200
        evidence.answer = .result(RPCResult())
        #expect(OutcomeClassification.classify(evidence).isSuccess)
    }

    @Test func `hands on what the backend asked for`() {
        var evidence = CallEvidence(.ping, status: 429)
        evidence.retryAfter = .seconds(7)
        evidence.advertisedTTL = .seconds(60)
        var outcome = OutcomeClassification.classify(evidence)
        #expect(outcome.retryAfter == .seconds(7))
        #expect(outcome.advertisedTTL == .seconds(60))
        evidence.status = 200
        evidence.answer = .result(RPCResult())
        outcome = OutcomeClassification.classify(evidence)
        #expect(outcome.isSuccess && outcome.advertisedTTL == .seconds(60))
    }

    @Test func `every row is met by a case of these tests`() {
        let met = Set(WireCase.all.compactMap(\.row?.seen))
            .union(
                Failure.all.compactMap { failure in
                    OutcomeClassification.rows.first { $0.matches(failure.evidence) }?.seen
                }
            )
        #expect(OutcomeClassification.rows.map(\.seen).filter { !met.contains($0) } == [])
        #expect(Set(OutcomeClassification.rows.map(\.seen)).count == OutcomeClassification.rows.count)
    }

    @Test(arguments: FailureReason.allCases)
    func `every reason has a row`(reason: FailureReason) {
        #expect(OutcomeClassification.outcome(for: reason).reason == reason)
        let isReserved = OutcomeClassification.reservedRows.contains { $0.reason == reason }
        #expect(isReserved == [.streamConflict, .childExited].contains(reason))
    }

    @Test(
        arguments: [
            .lost, .counted(.protocol), .counted(.http5xx), .uncounted(.methodNotFound, .alive, .latchMethod),
            .counted(.timeout), .uncounted(.rateLimited, .unknown, .pauseBackend), .counted(.rpcError, .alive),
            Failure.tls,
        ] as [Outcome]
    )
    func `the plain outcome of a reason is that of a ping`(outcome: Outcome) throws {
        #expect(OutcomeClassification.outcome(for: try #require(outcome.reason)) == outcome)
    }

    @Test func `only what breaks the backend for everybody trips the breaker`() {
        let tripping = OutcomeClassification.rows.filter { $0.breaker == .trips }.map(\.reason)
        #expect(Set(tripping) == [.tls, .redirect])
        let sessionOrCredential: [FailureReason] = [.sessionExpired, .unauthorized, .forbidden, .rateLimited]
        for row in OutcomeClassification.rows where sessionOrCredential.contains(row.reason) {
            #expect(row.breaker == .none, "\(row.seen)")
        }
    }
}
