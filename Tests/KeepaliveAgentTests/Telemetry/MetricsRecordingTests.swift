// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import Telemetry
import Testing

/// The five core metrics and their neighbors, from what happened on the wire to what is collected.
@Suite(.timeLimit(.minutes(1)))
struct MetricsRecordingTests {
    @Test func `every series is there with zero before anything happened`() async throws {
        let agent = try TestAgent.make([
            .test("both", "http://127.0.0.1:1/", tool: "peek") { $0.method = .ping(hasFallback: true) },
            .test("tool", "http://127.0.0.1:1/", tool: "peek") { $0.method = .tool },
            .test("none", "http://127.0.0.1:1/") { $0.method = .none },
        ])
        let snapshot = await agent.collect()
        let expected = ["both": ["ping", "tool"], "tool": ["tool"], "none": []]
        for (backend, methods) in expected {
            for method in ["ping", "tool"] {
                let value: Double? = methods.contains(method) ? 0 : nil
                let attributes = ["backend": backend, "method": method] as KeyValuePairs
                #expect(snapshot.value("keepalive_attempt_count", attributes) == value)
                #expect(snapshot.value("keepalive_success_count", attributes) == value)
                for reason in FailureReason.counted {
                    let attributes = ["backend": backend, "method": method, "reason": reason.rawValue] as KeyValuePairs
                    #expect(snapshot.value("keepalive_failure_count", attributes) == value)
                }
                for outcome in ["success", "failure"] {
                    let attributes = ["backend": backend, "method": method, "outcome": outcome] as KeyValuePairs
                    let count = snapshot.histogram("keepalive_latency_ms", attributes)?.count
                    #expect(count == (value == nil ? nil : 0))
                }
            }
            for reason in FailureReason.counted {
                let attributes = ["backend": backend, "reason": reason.rawValue] as KeyValuePairs
                #expect(snapshot.value("keepalive_auto_disabled_total", attributes) == 0)
            }
        }
        #expect(snapshot.value("keepalive_attempt_count", ["reason": "cancelled"]) == nil)
        await agent.reactor.shutdown(within: .zero)
    }

    @Test func `a scripted sequence gives the right numbers`() async throws {
        let number = Recorder(0)
        // Success, failure, success; three failures that disable; a failed probe and one that succeeds.
        let statuses = [200, 500, 200, 500, 502, 500, 500, 200]
        let peer = try MCPPeer { _ in
            let status = statuses[
                number.change { number in
                    defer { number += 1 }
                    return number
                }
            ]
            return status == 200 ? nil : [.respond(status: status)]
        }
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            _ = await agent.reactor.attach(.test("canary"), to: 0)
            for _ in 0..<6 { try await agent.keepalive() }
            var snapshot = await agent.collect()
            #expect(snapshot.value("keepalive_attempt_count") == 6)
            #expect(snapshot.value("keepalive_success_count") == 2)
            #expect(snapshot.value("keepalive_failure_count") == 4)
            #expect(snapshot.value("keepalive_failure_count", ["method": "ping", "reason": "http_5xx"]) == 4)
            #expect(snapshot.histogram("keepalive_latency_ms", ["outcome": "success"])?.count == 2)
            #expect(snapshot.histogram("keepalive_latency_ms", ["outcome": "failure"])?.count == 4)
            #expect(snapshot.value("keepalive_auto_disabled_total", ["reason": "http_5xx"]) == 1)
            #expect(snapshot.value("keepalive_auto_disabled_total") == 1)
            #expect(snapshot.value("keepalive_breaker_state", ["state": "open"]) == 1)
            #expect(snapshot.value("keepalive_breaker_state", ["state": "closed"]) == 0)
            #expect(snapshot.value("keepalive_backend_disabled", ["reason": "http_5xx"]) == 1)
            #expect(snapshot.value("keepalive_consecutive_failures") == 3)
            let now = Double(agent.clock.unixSeconds)
            #expect(snapshot.value("keepalive_backend_disabled_since_timestamp_seconds") == now)
            #expect(snapshot.value("keepalive_next_probe_timestamp_seconds") == now + 1800)
            // A disabled backend's sessions are not scheduled, and not skipped.
            for _ in 0..<20 { await agent.advance(by: TestAgent.interval) }
            #expect(await agent.collect().value("keepalive_skipped_total") == 0)
            try await agent.keepalive(after: .seconds(600))
            try await agent.keepalive(after: .seconds(1800))
            snapshot = await agent.collect()
            #expect(snapshot.value("keepalive_probes_total", ["outcome": "failure"]) == 1)
            #expect(snapshot.value("keepalive_probes_total", ["outcome": "success"]) == 1)
            #expect(snapshot.value("keepalive_reenabled_total", ["reason": "probe"]) == 1)
            #expect(snapshot.value("keepalive_breaker_state", ["state": "closed"]) == 1)
            #expect(snapshot.value("keepalive_backend_disabled") == 0)
            #expect(snapshot.value("keepalive_attempt_count") == 8)
        }
        await peer.stop()
    }

    @Test func `attempts are successes plus failures in every snapshot, taken at any moment`() async throws {
        // About a third of the calls fails.
        let peer = try MCPPeer { request in
            request.id.utf8.reduce(0) { $0 + Int($1) } % 3 == 0 ? [.respond(status: 500)] : nil
        }
        let isOver = Recorder(false)
        try await TestAgent.run(.test("alpha", peer.url) { $0.failureThreshold = 1000 }) { agent in
            for number in 0..<8 { _ = await agent.reactor.attach(.test("\(number)"), to: 0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        var last = 0.0
                        while !isOver.record {
                            let snapshot = agent.meter.collect(at: 1)
                            let attempts = try #require(snapshot.value("keepalive_attempt_count"))
                            let successes = try #require(snapshot.value("keepalive_success_count"))
                            let failures = try #require(snapshot.value("keepalive_failure_count"))
                            #expect(attempts == successes + failures)
                            #expect(attempts >= last)
                            last = attempts
                            await Task.yield()
                        }
                    }
                }
                for _ in 0..<40 { try await agent.keepalive(8) }
                isOver.change { $0 = true }
                try await group.waitForAll()
            }
            #expect(await agent.collect().value("keepalive_attempt_count") == 320)
        }
        await peer.stop()
    }

    @Test func `calls that the agent stops leave no count and no span`() async throws {
        let peer = try MCPPeer { _ in [.hang] }
        let agent = try TestAgent.make([.test("alpha", peer.url)])
        await agent.reactor.start()
        for number in 0..<5 { _ = await agent.reactor.attach(.test("\(number)"), to: 0) }
        await agent.advance(by: TestAgent.interval)
        await peer.waitForRequests(5)
        await agent.reactor.shutdown(within: .seconds(1))
        let snapshot = await agent.collect()
        #expect(snapshot.value("keepalive_attempt_count") == 0)
        #expect(snapshot.value("keepalive_failure_count") == 0)
        #expect(snapshot.histogram("keepalive_latency_ms", ["outcome": "failure"])?.count == 0)
        #expect(agent.telemetry.record.spans.isEmpty)
        #expect(snapshot.value("keepalive_heartbeat_timestamp_seconds") == 0)
        await peer.stop()
    }

    @Test func `gauges say how things stand`() async throws {
        let peer = try MCPPeer()
        try await TestAgent.run(.test("alpha", peer.url) { $0.sessionTTL = .seconds(600) }) { agent in
            _ = await agent.reactor.attach(.test("one"), to: 0)
            try await agent.keepalive()
            let now = Double(agent.clock.unixSeconds)
            let snapshot = await agent.collect()
            #expect(snapshot.value("keepalive_sessions", ["state": "active"]) == 1)
            #expect(snapshot.value("keepalive_sessions", ["state": "paused"]) == 0)
            #expect(snapshot.value("keepalive_last_success_timestamp_seconds") == now)
            #expect(snapshot.value("keepalive_last_attempt_timestamp_seconds") == now)
            #expect(snapshot.value("keepalive_oldest_success_timestamp_seconds") == now)
            #expect(snapshot.value("keepalive_next_due_timestamp_seconds") == now + 60)
            #expect(snapshot.value("keepalive_interval_seconds") == 60)
            #expect(snapshot.value("keepalive_timeout_seconds") == 10)
            #expect(snapshot.value("keepalive_probe_interval_seconds") == 1800)
            #expect(snapshot.value("keepalive_session_ttl_seconds") == 600)
            #expect(snapshot.value("keepalive_heartbeat_timestamp_seconds") == now)
        }
        await peer.stop()
    }
}
