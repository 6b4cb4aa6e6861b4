// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import Telemetry
import Testing

/// Everything at once, for the thread sanitizer. In real time: about 2 s.
@Suite(.timeLimit(.minutes(2)))
struct ReactorStressTests {
    @Test func `many who attach, release, use, replace and look at sessions while keepalives run`() async throws {
        let peer = try MCPPeer { request in
            // Some keepalives fail, some are never answered.
            switch request.id.utf8.reduce(0, { $0 + Int($1) }) % 11 {
            case 0 where request.method == "ping": [.respond(status: 500)]
            case 1 where request.method == "ping": [.hang]
            default: nil
            }
        }
        let agent = try TestAgent.make(
            [
                .test("alpha", peer.url, ownSessions: 4) { policy in
                    policy.interval = .seconds(1)
                    policy.timeout = .milliseconds(300)
                    policy.failureThreshold = 1000
                    policy.maxRequestsInFlight = 16
                }
            ],
            isTimeReal: true
        )
        await agent.reactor.start()
        try await agent.telemetry.wait(for: .sessionOpened, count: 4)
        let owned = await agent.reactor.sessions(of: 0)
        let isOver = Recorder(false)
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    for number in 0..<100 {
                        let handle = await agent.reactor.attach(.test("\(worker)-\(number)"), to: 0)
                        await agent.reactor.noteActivity(on: handle)
                        _ = await agent.reactor.status(of: 0)
                        if number % 2 == 0 { await agent.reactor.release(handle) }
                        if number % 5 == 1 { await agent.reactor.close(handle) }
                    }
                }
                group.addTask {
                    for _ in 0..<10 {
                        // A server that hangs or fails in between may refuse.
                        try? await agent.reactor.reinitialize(owned[worker])
                        await agent.reactor.retryRefusedCredentials()
                    }
                }
            }
            group.addTask {
                while !isOver.record {
                    let snapshot = await agent.collect()
                    let ended = (snapshot.value("keepalive_success_count"), snapshot.value("keepalive_failure_count"))
                    #expect(snapshot.value("keepalive_attempt_count") == (ended.0 ?? 0) + (ended.1 ?? 0))
                }
            }
            group.addTask {
                _ = try? await agent.telemetry.wait { $0.cycles.count >= 100 }
                isOver.change { $0 = true }
            }
            await group.waitForAll()
        }
        await agent.reactor.shutdown(within: .seconds(3))
        let record = agent.telemetry.record
        let snapshot = agent.meter.collect(at: 1)
        #expect(snapshot.value("keepalive_attempt_count") == Double(record.calls.count))
        #expect(Set(record.spans.map(\.context.spanID)).count == record.spans.count)
        let roots = Set(record.cycles.map(\.context.spanID))
        #expect(record.calls.allSatisfy { call in call.parent.map(roots.contains) ?? false })
        let opened = peer.requests(of: "initialize").count
        #expect(Set(peer.requests(of: "DELETE").compactMap(\.sessionID)).count == opened)
        #expect(peer.requests.allSatisfy { $0.method != "DELETE" || $0.sessionID?.hasPrefix("session-") == true })
        await peer.stop()
    }
}
