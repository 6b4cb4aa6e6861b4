// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import Telemetry
import Testing

/// A backend that misbehaves takes nothing from the others. In real time: about 6 s.
@Suite(.timeLimit(.minutes(1)))
struct IsolationTests {
    private static let timeout: Duration = .seconds(1)
    private static let padding = Array(String(repeating: "a", count: 4096).utf8)

    /// What backends do that misbehave, by their names, and what that is called.
    private static let faults: [(name: String, steps: [TCPPeerStep], reason: FailureReason)] = [
        ("hanging", [.hang], .timeout),
        ("dripping", [.respondHead(), .drip(padding, every: .milliseconds(20))], .timeout),
        (
            "streaming",
            [
                .respondHead(headers: [("Content-Type", "text/event-stream")]),
                .drip(Array(String(repeating: ": still here\n\n", count: 1000).utf8), every: .milliseconds(1)),
            ],
            .timeout
        ),
        (
            "endless",
            [.respondHead(headers: [("Content-Type", "application/json")]), .repeatForever(padding)],
            .bodyTooLarge
        ),
        (
            "compressed",
            [.respondHead(headers: [("Content-Encoding", "gzip")]), .repeatForever(padding)],
            .protocol
        ),
        (
            "flooding",
            [.text("HTTP/1.1 200 OK\r\n"), .repeatForever(Array("A: ".utf8) + padding + Array("\r\n".utf8))],
            .protocol
        ),
    ]

    @Test func `next to backends that misbehave, a healthy one is served within a second`() async throws {
        let healthy = try MCPPeer()
        let target = try MCPPeer()
        let redirecting = try MCPPeer { [url = target.url] _ in
            [.respond(status: 307, headers: [("Location", url)])]
        }
        let peers = try Self.faults.map { fault in try MCPPeer { _ in fault.steps } }
        var backends = [Self.backend("healthy", healthy), Self.backend("redirecting", redirecting)]
        for (fault, peer) in zip(Self.faults, peers) { backends.append(Self.backend(fault.name, peer)) }

        let agent = try TestAgent.make(backends, isTimeReal: true)
        await agent.reactor.start()
        for index in backends.indices {
            // Another session's call could be under way when the first answer switches that backend off.
            for number in 0..<(backends[index].name == "redirecting" ? 1 : 3) {
                let session = AttachedSession.test("\(number)", on: backends[index].name)
                _ = await agent.reactor.attach(session, to: BackendIndex(index))
            }
        }
        let calls = 9
        try await agent.telemetry.wait { record in
            record.calls.count { $0["backend"] == "healthy" } >= calls
                && Self.faults.allSatisfy { fault in
                    record.calls.contains { $0["backend"] == .string(fault.name) }
                }
        }
        let snapshot = await agent.collect()
        await agent.reactor.shutdown(within: .seconds(1))

        let lag = try #require(snapshot.histogram("keepalive_schedule_lag_seconds", ["backend": "healthy"]))
        #expect(try #require(lag.range).upperBound < 1)
        #expect(snapshot.value("keepalive_failure_count", ["backend": "healthy"]) == 0)
        for fault in Self.faults {
            let failures = snapshot.value("keepalive_failure_count", ["backend": fault.name]) ?? 0
            func count(_ reason: FailureReason) -> Double {
                snapshot.value("keepalive_failure_count", ["backend": fault.name, "reason": reason.rawValue]) ?? 0
            }
            #expect(count(fault.reason) > 0, "\(fault.name)")
            // Where the machine is busy, not even 256 KiB may arrive in time.
            let timeouts = fault.reason == .timeout ? 0 : count(.timeout)
            #expect(count(fault.reason) + timeouts == failures, "\(fault.name)")
        }
        for call in agent.telemetry.record.calls {
            #expect(Duration.nanoseconds(Int64(call.end - call.start)) < Self.timeout + .seconds(1))
        }
        #expect(target.requestCount == 0)
        #expect(redirecting.requestCount == 1)
        #expect(healthy.requestCount >= calls)
        for peer in [healthy, target, redirecting] + peers { await peer.stop() }
    }

    private static func backend(_ name: String, _ peer: MCPPeer) -> BackendConfiguration {
        .test(name, peer.url) { policy in
            policy.interval = .seconds(2)
            policy.timeout = timeout
            // What fails goes on failing.
            policy.failureThreshold = 1_000_000
        }
    }
}
