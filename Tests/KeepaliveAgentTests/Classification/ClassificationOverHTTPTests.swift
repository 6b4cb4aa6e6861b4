// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import MCPWire
import Telemetry
import Testing

/// A scripted backend gives every row of the classification table that HTTP can give, to the agent's own client.
@Suite(.timeLimit(.minutes(1)))
struct ClassificationOverHTTPTests {
    @Test(arguments: HTTPCase.all)
    func `reason, verdict, breaker effect and reaction are those of the table`(_ example: HTTPCase) async throws {
        let exchange = try await example.examine()
        #expect(exchange.outcome.reason == example.expected.reason)
        #expect(exchange.outcome.verdict == example.expected.verdict)
        #expect(exchange.outcome.breaker == example.expected.breaker)
        #expect(exchange.outcome.reaction == example.expected.reaction)
        #expect(exchange.outcome.retryAfter == example.expected.retryAfter)
        #expect(exchange.problem.hasPrefix(example.expected.reason?.rawValue ?? "?"))
    }

    @Test(arguments: HTTPCase.all.filter { $0.isForReactor })
    func `the agent does about it what the table says`(_ example: HTTPCase) async throws {
        guard case .script(let script) = example.server else { return }
        let expected = example.expected
        let peer = try MCPPeer(script)
        try await TestAgent.run(example.configuration(url: peer.url)) { agent in
            _ = await agent.reactor.attach(.test("canary"), to: 0)
            try await agent.keepalive()
            let cycle = try #require(agent.telemetry.record.cycles.first)
            #expect(cycle.status == .error(expected.reason?.rawValue ?? ""))
            let status = await agent.reactor.status(of: 0)
            let lacksPing = expected.reaction == .latchMethod
            #expect((status.breaker == .open) == (expected.breaker == .trips || lacksPing))
            if expected.breaker != .trips {
                #expect(status.consecutiveFailures == (expected.breaker == .counts ? 1 : 0))
            }
            #expect(status.sessions.total == (expected.verdict == .lost ? 0 : 1))
            let isRefused = [.pauseSession, .refreshCredential].contains(expected.reaction)
            #expect(status.sessions.paused == (isRefused ? 1 : 0))
            let isTold = expected.reaction == .pauseBackendIfTold && expected.retryAfter != nil
            #expect((status.pausedUntil != nil) == (expected.reaction == .pauseBackend || isTold))
        }
        await peer.stop()
    }

    /// Rows that nothing at the other end of an HTTP connection can lead to.
    private static let impossible: [String: String] = [
        "curl 2, 4, 27, 41, 43, 45, 48, 89": "libcurl itself fails, or was asked for something that it cannot do"
    ]

    @Test func `every row that HTTP can give has a case`() {
        let seen = Set(HTTPCase.all.map(\.row))
        for row in OutcomeClassification.rows where Self.impossible[row.seen] == nil {
            #expect(seen.contains(row.seen), "no case for: \(row.seen)")
        }
        #expect(Set(OutcomeClassification.rows.map(\.seen)).isSuperset(of: Self.impossible.keys))
    }

    @Test(arguments: HTTPCase.all)
    func `a case and its row say the same`(_ example: HTTPCase) throws {
        let row = try #require(OutcomeClassification.rows.first { $0.seen == example.row })
        var expected = example.expected
        expected.retryAfter = nil
        #expect(row.outcome == expected)
    }
}

extension HTTPCase {
    /// Whether keepalives meet the case in the same way.
    fileprivate var isForReactor: Bool {
        if case .script = server { call != .initialize } else { false }
    }

    /// Makes the call with the client of `check --live` and `ping`.
    fileprivate func examine() async throws -> Exchange {
        switch server {
        case .script(let script):
            let peer = try MCPPeer(script)
            let exchange = try await examine(url: peer.url)
            await peer.stop()
            return exchange
        case .refusing:
            let closed = try RefusingPort()
            return try await examine(url: "http://127.0.0.1:\(closed.port)/mcp")
        case .plain:
            let peer = try GreetingPeer(greeting: "HTTP/1.1 400 Bad Request\r\n\r\n")
            return try await examine(url: "https://127.0.0.1:\(peer.port)/mcp")
        case .withoutCertificates:
            let peer = try GreetingPeer(greeting: "")
            var configuration = configuration(url: "https://127.0.0.1:\(peer.port)/mcp")
            configuration.tls.caFile = "/nonexistent/ca.pem"
            return try await examine(configuration)
        case .unresolvable: return try await examine(url: "http://nobody.invalid/mcp")
        case .saturated, .stopping: return try await examineHanging()
        }
    }

    private func examine(url: String) async throws -> Exchange {
        try await examine(configuration(url: url))
    }

    private func examine(_ configuration: BackendConfiguration) async throws -> Exchange {
        let examiner = try BackendExaminer(configuration, clock: ManualClock().agentClock)
        examiner.start()
        let exchange =
            switch call {
            case .ping: await examiner.call(.ping)
            case .tool: await examiner.call(.tool)
            case .initialize: await examiner.open().exchange
            }
        _ = await examiner.stop()
        return exchange
    }

    /// With one request in flight at most there are five connections: four are for opening and closing sessions.
    private func examineHanging() async throws -> Exchange {
        let peer = try MCPPeer { _ in [.hang] }
        var configuration = configuration(url: peer.url)
        configuration.policy.maxRequestsInFlight = 1
        let connections = 5
        let examiner = try BackendExaminer(configuration)
        examiner.start()
        let exchange = await withTaskGroup(of: Exchange.self) { group in
            for _ in 0..<connections { group.addTask { await examiner.call(.ping) } }
            await peer.waitForRequests(connections)
            if case .saturated = server {
                let further = await examiner.call(.ping)
                _ = await examiner.stop()
                return further as Exchange?
            }
            _ = await examiner.stop()
            return await group.next()
        }
        await peer.stop()
        return try #require(exchange)
    }
}
