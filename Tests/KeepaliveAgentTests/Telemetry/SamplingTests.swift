// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import Telemetry
import Testing

/// What is not sampled has no spans, and backends are told so.
@Suite(.timeLimit(.minutes(1)))
struct SamplingTests {
    /// Two keepalives of one session, the second after the first.
    private static func keepalives(
        _ tracing: Tracing,
        _ peer: MCPPeer
    ) async throws -> (record: RecordingTelemetry.Record, attempts: Double) {
        try await TestAgent.run(.test("alpha", peer.url), tracing: tracing) { agent in
            _ = await agent.reactor.attach(.test("canary"), to: 0)
            for count in 1...2 {
                await agent.advance(by: TestAgent.interval)
                await peer.waitForRequests(count)
                try await agent.waitUntilIdle()
            }
            return (agent.telemetry.record, await agent.collect().value("keepalive_attempt_count") ?? 0)
        }
    }

    @Test func `unsampled keepalives have no spans, count all the same, and say so to the backend`() async throws {
        let peer = try MCPPeer()
        var tracing = Tracing()
        tracing.sampler = .parentBased(root: .alwaysOff)
        let (record, attempts) = try await Self.keepalives(tracing, peer)
        #expect(record.spans.isEmpty)
        #expect(attempts == 2)
        for request in peer.requests {
            let context = try #require(request.traceparent.flatMap { SpanContext(traceparent: $0) })
            #expect(!context.flags.contains(.sampled))
        }
        await peer.stop()
    }

    @Test func `a ratio decides by the trace id, for both spans of a keepalive alike`() async throws {
        let peer = try MCPPeer()
        var tracing = Tracing()
        tracing.sampler = .traceIDRatio(0.5)
        let (record, _) = try await Self.keepalives(tracing, peer)
        let contexts = peer.requests.compactMap { $0.traceparent.flatMap { SpanContext(traceparent: $0) } }
        #expect(contexts.count == 2)
        for context in contexts {
            let isSampled = context.traceID.low < 1 << 63
            #expect(context.flags.contains(.sampled) == isSampled)
            #expect(record.spans.count { $0.context.traceID == context.traceID } == (isSampled ? 2 : 0))
        }
        await peer.stop()
    }

    @Test(arguments: [
        (TelemetryConfiguration.SessionIDs.raw, AttributeValue?.some("canary")), (.omit, nil),
    ])
    func `a session has the name that was asked for`(
        _ choice: TelemetryConfiguration.SessionIDs,
        _ name: AttributeValue?
    ) async throws {
        let peer = try MCPPeer()
        var tracing = Tracing()
        tracing.sessionIDs = choice
        let (record, _) = try await Self.keepalives(tracing, peer)
        #expect(record.calls.count == 2)
        for call in record.calls { #expect(call["mcp.session.id"] == name) }
        let opened = try #require(record.logs.first { $0.eventName == Catalog.EventName.sessionOpened.rawValue })
        #expect(opened.attributes.first { $0.key == "mcp.session.id" }?.value == name)
        await peer.stop()
    }

    @Test func `without propagation backends are told nothing`() async throws {
        let peer = try MCPPeer()
        var tracing = Tracing()
        tracing.propagates = false
        let (record, _) = try await Self.keepalives(tracing, peer)
        #expect(record.spans.count == 4)
        #expect(peer.requests.count == 2)
        #expect(peer.requests.allSatisfy { $0.traceparent == nil })
        await peer.stop()
    }
}
