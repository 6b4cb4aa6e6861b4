// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import Telemetry
import Testing

/// `mcp.client.*` and the metrics of the process.
@Suite(.timeLimit(.minutes(1)))
struct ConventionMetricsTests {
    private static func points(_ name: String, of snapshot: MetricSnapshot) -> [HistogramPoint] {
        guard case .histogram(let points, _)? = snapshot[name]?.data else { return [] }
        return points
    }

    @Test func `the duration of a call has the attributes of its span but for those of one call`() async throws {
        let peer = try MCPPeer { request in
            request.method == "ping" && request.sessionID == "bad" ? [.respond(json: request.error(-32001, "no"))] : nil
        }
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            _ = await agent.reactor.attach(.test("good", version: "2025-06-18"), to: 0)
            _ = await agent.reactor.attach(.test("bad"), to: 0)
            _ = await agent.reactor.attach(.test("other", version: "2025-11-25"), to: 0)
            for _ in 0..<3 { try await agent.keepalive(3) }
            let snapshot = await agent.collect()
            let points = Self.points("mcp.client.operation.duration", of: snapshot)
            #expect(points.count == 3)
            #expect(points.allSatisfy { $0.count == 3 })
            let good = try #require(points.first { $0.attributes["mcp.protocol.version"] == "2025-06-18" })
            #expect(good.attributes["error.type"] == nil)
            #expect(good.attributes["mcp.method.name"] == "ping")
            #expect(good.attributes["server.address"] == "127.0.0.1")
            #expect(good.attributes["backend"] == "alpha")
            let bad = try #require(points.first { $0.attributes["error.type"] != nil })
            #expect(bad.attributes["error.type"] == "-32001")
            #expect(bad.attributes["rpc.response.status_code"] == "-32001")
            for point in points {
                #expect(point.attributes["mcp.session.id"] == nil)
                #expect(point.attributes["jsonrpc.request.id"] == nil)
                let known = Set(Catalog.operationDuration.attributes.map(\.key))
                #expect(point.attributes.attributes.allSatisfy { known.contains($0.key) })
            }
        }
        await peer.stop()
    }

    @Test func `the duration of an own session is recorded when it is lost and when it is closed`() async throws {
        let peer = try MCPPeer { request in
            request.method == "ping" && request.sessionID != "session-2"
                ? [.respond(status: 404, json: request.error(-32600, "Session not found"))] : nil
        }
        let agent = try TestAgent.make([.test("alpha", peer.url, ownSessions: 1)])
        await agent.reactor.start()
        try await agent.telemetry.wait(for: .sessionOpened)
        _ = await agent.reactor.attach(.test("canary"), to: 0)
        try await agent.keepalive(2)
        try await agent.telemetry.wait(for: .sessionLost, count: 2)
        await agent.advance(by: .seconds(2))
        // The one that was opened, the attached one, and the one that replaced the first.
        try await agent.telemetry.wait(for: .sessionOpened, count: 3)
        await agent.reactor.shutdown(within: .seconds(30))
        let points = Self.points("mcp.client.session.duration", of: agent.meter.collect(at: 1))
        #expect(points.count == 2)
        let lost = try #require(points.first { $0.attributes["error.type"] == "session_expired" })
        #expect(lost.count == 1, "the one of somebody else does not count")
        #expect(lost.sum == 60)
        let closed = try #require(points.first { $0.attributes["error.type"] == nil })
        #expect(closed.count == 1)
        await peer.stop()
    }

    @Test func `the process tells its time, memory, descriptors, age and version`() throws {
        let meter = Meter(scope: InstrumentationScope(name: "test"), startTime: 0)
        ProcessInstruments.register(on: meter)
        let snapshot = meter.collect(at: 1)
        let time = try #require(snapshot.value("process.cpu.time"))
        #expect(time > 0 && time < 100_000)
        #expect(try #require(snapshot.value("process.memory.usage")) > 1_000_000)
        #expect(try #require(snapshot.value("process.unix.file_descriptor.count")) >= 3)
        #expect(try #require(snapshot.value("process.uptime")) >= 0)
        #expect(snapshot.value("keepalive_build_info", ["version": AgentVersion.current]) == 1)
    }
}
