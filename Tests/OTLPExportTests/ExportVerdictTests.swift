// SPDX-License-Identifier: Apache-2.0

import KeepaliveTesting
import Testing

@testable import OTLPExport

@Suite(.timeLimit(.minutes(1))) struct ExportVerdictTests {
    @Test(arguments: [
        (200, "{}", ExportVerdict.accepted),
        (
            200, #"{"partialSuccess":{"rejectedSpans":1,"errorMessage":"x"}}"#,
            .partial(PartialSuccess(rejected: 1, message: "x"))
        ),
        (301, "", .redirect(status: 301)), (400, #"{"message":"bad"}"#, .notUnderstood(status: 400, details: "bad")),
        (401, "", .refusedCredentials(status: 401)), (404, "", .wrongPath(status: 404)),
        (405, "", .wrongPath(status: 405)),
        (415, "", .notUnderstood(status: 415, details: "")), (500, "", .failed(status: 500, details: "")),
        (503, "", .busy(status: 503)),
    ]) func `says what a collector makes of a test batch`(status: Int, body: String, expected: ExportVerdict)
        async throws
    {
        let collector = try ScriptedCollector { _ in [.respond(status: status, json: body)] }
        let verdict = await collector.pipeline.sendTest(of: .traces)
        #expect(verdict == expected)
        #expect(verdict.isAccepted == (body == "{}"))
        #expect(collector.traces == ExportStatistics())
        await collector.stop()
    }

    @Test(arguments: Signal.allCases) func `sends one small batch of the signal`(signal: Signal) async throws {
        let collector = try ScriptedCollector([signal])
        #expect(await collector.pipeline.sendTest(of: signal) == .accepted)
        let request = try #require(collector.peer.requests.first)
        let text = String(decoding: try Gzip.inflate(request.body, limit: 1 << 16), as: UTF8.self)
        #expect(request.target == "/" + signal.path)
        #expect(text.contains("telemetry_test"))
        await collector.stop()
    }

    @Test func `says when nobody is there, and when nothing is configured`() async throws {
        let collector = try ScriptedCollector(configure: { $0.traces?.url = ScriptedCollector.refusingURL })
        guard case .unreachable(.connect, let details) = await collector.pipeline.sendTest(of: .traces) else {
            Issue.record("it was reachable")
            return
        }
        #expect(details.contains("refused"))
        #expect(await collector.pipeline.sendTest(of: .logs) == .notConfigured)
        await collector.stop()
    }

    @Test func `has words for each verdict`() {
        let verdicts: [ExportVerdict] = [
            .accepted, .partial(PartialSuccess(rejected: 2, message: "m")),
            .partial(PartialSuccess(rejected: 0, message: "m")),
            .wrongPath(status: 404), .notUnderstood(status: 400, details: "m"), .refusedCredentials(status: 401),
            .redirect(status: 302), .busy(status: 503), .failed(status: 500, details: ""), .tls(details: "m"),
            .unreachable(.dns, details: "m"), .notConfigured,
        ]
        #expect(Set(verdicts.map(\.description)).count == verdicts.count)
        #expect(verdicts.filter(\.isAccepted) == [verdicts[0], verdicts[2]])
        #expect(ExportVerdict.partial(PartialSuccess(rejected: 2, message: "m")).description.hasSuffix("rejected 2: m"))
    }
}
