// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveTesting
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ExemplarRecordingTests {
    @Test(arguments: [(200, "success"), (500, "failure")])
    func `a latency leads to the span of its call`(status: Int, outcome: String) async throws {
        let peer = try MCPPeer { _ in status == 200 ? nil : [.respond(status: status)] }
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            _ = await agent.reactor.attach(.test("canary"), to: 0)
            try await agent.keepalive()
            let span = try #require(agent.telemetry.record.spans.first { $0.name == "ping" })
            // The call took real time, by which the clock of the test has not moved.
            await agent.advance(by: .seconds(1))
            let point = try #require(await agent.collect().histogram("keepalive_latency_ms", ["outcome": outcome]))
            let exemplar = try #require(point.exemplars.first)
            #expect(point.exemplars.count == 1)
            #expect((exemplar.traceID, exemplar.spanID) == (span.context.traceID, span.context.spanID))
            #expect(exemplar.value == point.sum)
            #expect(exemplar.time == span.end)
        }
    }
}
