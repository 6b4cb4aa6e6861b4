// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import KeepaliveTesting
import Testing

@testable import KeepaliveAgent

/// What an operator asks of the reactor.
@Suite(.timeLimit(.minutes(1))) struct ReactorControlTests {
    @Test func `the loop turns although nothing is due, so that its health can be told`() async throws {
        let peer = try MCPPeer()
        try await TestAgent.run(.test("alpha", peer.url), isTimeReal: true) { agent in
            let first = agent.reactor.heartbeat.last
            // Nobody wakes it: only the reading of an atomic.
            while agent.reactor.heartbeat.last == first {
                try Task.checkCancellation()
                await Task.yield()
            }
        }
        await peer.stop()
    }

    @Test func `a probe tells what came of the call`() async throws {
        let peer = try MCPPeer { request in request.sessionID == "bad" ? [.respond(status: 500, json: "{}")] : nil }
        try await TestAgent.run(.test("alpha", peer.url), .test("beta", peer.url)) { agent in
            _ = await agent.reactor.attach(.test("good"), to: 0)
            _ = await agent.reactor.attach(.test("bad", on: "beta"), to: 1)
            let good = await agent.reactor.probe(0, within: .seconds(30))
            #expect(good?.reason == nil && good?.latency != nil)
            #expect(await agent.reactor.probe(1, within: .seconds(30))?.reason == .http5xx)
            #expect(await agent.reactor.backendFacts().first?.latencyP95 != nil)
        }
        await peer.stop()
    }

    @Test func `a probe of a session that goes away ends with it`() async throws {
        let peer = try MCPPeer { _ in [.hang] }
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            let handle = await agent.reactor.attach(.test("one"), to: 0)
            async let finding = agent.reactor.probe(0, within: .seconds(3600))
            await peer.waitForRequests(1)
            await agent.reactor.release(handle)
            #expect(await finding == nil)
            #expect(await agent.reactor.probe(0, within: .seconds(3600)) == nil, "there is nothing to be called")
        }
        await peer.stop()
    }

    @Test func `a probe of a backend that turns out to be stateless ends, too`() async throws {
        let peer = try MCPPeer { request in
            request.method == "initialize" ? [MCPPeer.initialized(request, session: nil)] : nil
        }
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            await agent.reactor.own(0)
            _ = await agent.reactor.probe(0, within: .seconds(3600))
            #expect(await agent.reactor.status(of: 0).sessions.total == 1)
        }
        await peer.stop()
    }

    @Test func `latencies are the last ones, by nearest rank`() {
        var latencies = RecentLatencies()
        #expect(latencies.quantile(0.95) == nil)
        for value in 1...300 { latencies.append(.milliseconds(value)) }
        // The last 128: 173 to 300.
        #expect(latencies.quantile(0) == 173 && latencies.quantile(1) == 300 && latencies.quantile(0.5) == 236)
    }
}
