// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import KeepaliveEngine
import KeepaliveTesting
import LogText
import Telemetry
import Testing

/// Session ids and credentials are secrets: they go to their backend and nowhere else.
@Suite(.timeLimit(.minutes(1)))
struct SessionSecrecyTests {
    @Test func `session ids and credentials appear nowhere`() async throws {
        // Each session meets another fate; every error repeats what it should not.
        let peer = try MCPPeer { request in
            let session = request.sessionID ?? ""
            let echo = "session \(session) with \(request.authorization ?? "")"
            switch (request.method, session) {
            case ("initialize", _): return [MCPPeer.initialized(request, session: "canary-owned")]
            case ("ping", "canary-lost"):
                return [.respond(status: 404, json: request.error(-32600, "\(echo) not found"))]
            case ("ping", "canary-refused"): return [.respond(status: 401, json: request.error(-32000, echo))]
            case ("ping", "canary-forbidden"): return [.respond(status: 403, json: request.error(-32000, echo))]
            case ("ping", "canary-broken"): return [.respond(200, "text/html", echo)]
            case ("ping", "canary-failing"): return [.respond(status: 500, json: request.error(-32000, echo))]
            default: return nil
            }
        }
        let header = try HeaderConfiguration.test("Authorization", "Bearer canary-token")
        let backend = BackendConfiguration.test("alpha", peer.url, ownSessions: 1, headers: [header]) {
            $0.failureThreshold = 1
        }
        let agent = try TestAgent.make([backend])
        await agent.reactor.start()
        try await agent.telemetry.wait(for: .sessionOpened)
        let fates = ["well", "lost", "refused", "forbidden", "broken", "failing", "released"]
        var handles: [SessionHandle] = []
        for fate in fates { handles.append(await agent.reactor.attach(.test("canary-\(fate)"), to: 0)) }
        try await agent.keepalive(fates.count + 1)
        await agent.reactor.release(handles[6])
        let metrics = await agent.collect()
        await agent.reactor.shutdown(within: .seconds(3))

        let record = agent.telemetry.record
        for event in [Catalog.EventName.sessionLost, .sessionPaused, .sessionReleased, .backendAutoDisabled] {
            #expect(record.count(of: event) > 0, "\(event)")
        }
        #expect(!String(reflecting: record.spans).contains("canary"))
        #expect(!String(reflecting: record.logs).contains("canary"))
        #expect(!String(reflecting: metrics).contains("canary"))
        for line in record.lines {
            for format in LogFormat.allCases { #expect(!line.rendered(as: format).contains("canary")) }
        }
        // The check would notice: the names of backends are found in the same way.
        #expect(String(reflecting: record.spans).contains("alpha"))
        #expect(String(reflecting: record.logs).contains("alpha"))
        #expect(String(reflecting: metrics).contains("alpha"))
        await peer.stop()
    }

    @Test func `a session has one name that can be shown, on spans and logs and never on metrics`() async throws {
        let peer = try MCPPeer()
        try await TestAgent.run(.test("alpha", peer.url)) { agent in
            _ = await agent.reactor.attach(.test("one"), to: 0)
            _ = await agent.reactor.attach(.test("two"), to: 0)
            try await agent.keepalive(2)
            try await agent.keepalive(2)
            let record = agent.telemetry.record
            let names = record.calls.compactMap { call -> String? in
                guard case .string(let name)? = call["mcp.session.id"] else { return nil }
                return name
            }
            #expect(names.count == 4)
            #expect(Set(names).count == 2)
            #expect(names.allSatisfy { $0.count == 16 && $0.allSatisfy(\.isHexDigit) })
            let opened = record.logs.filter { $0.eventName == "keepalive.session.opened" }
            let told = opened.compactMap { log in log.attributes.first { $0.key == "mcp.session.id" }?.value }
            #expect(Set(told) == Set(names.map { .string($0) }))
            let metrics = String(reflecting: await agent.collect())
            #expect(names.allSatisfy { !metrics.contains($0) })
        }
        await peer.stop()
    }
}
