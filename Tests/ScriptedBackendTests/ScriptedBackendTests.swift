// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ScriptedBackend

@Suite(.timeLimit(.minutes(1)))
struct ScriptedBackendTests {
    /// Runs a test against a listening backend and stops it afterwards.
    private func withBackend(
        _ options: ScriptedBackend.Options = .init(),
        time: ManualTime = ManualTime(),
        script: @escaping ScriptedBackend.Script = { _ in .success },
        _ body: (ScriptedBackend, LoopbackClient) async throws -> Void
    ) async throws {
        let backend = ScriptedBackend(options: options, script: script, now: { time.now })
        let client = LoopbackClient(port: try await backend.start())
        do {
            try await body(backend, client)
        } catch {
            await backend.stop()
            throw error
        }
        await backend.stop()
    }

    @Test func `initialize issues an id that works from then on`() async throws {
        try await withBackend { backend, client in
            let opened = try await client.call("initialize", session: nil)
            let id = try #require(opened.headers["mcp-session-id"])
            #expect(opened.body.contains(#""protocolVersion":"2025-11-25""#))
            #expect(id.count == 32)
            let pong = try await client.call("ping", session: id, id: "7")
            #expect(pong.status == 200)
            #expect(pong.headers["content-type"] == "application/json")
            #expect(pong.body == #"{"jsonrpc":"2.0","id":7,"result":{}}"#)
            let again = try await client.call("initialize", session: nil)
            #expect(again.headers["mcp-session-id"] != id)
            #expect(backend.record.initializes == 2)
            #expect(backend.record.sessions[id]?.pings == 1)
        }
    }

    @Test func `missing, unknown and deleted ids are refused`() async throws {
        try await withBackend { backend, client in
            let id = backend.openSession()
            #expect(try await client.call("ping", session: nil).status == 400)
            let unknown = try await client.call("ping", session: "nobody")
            #expect(unknown.status == 404)
            #expect(
                unknown.body == #"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Session not found"}}"#
            )
            #expect(try await client.send("DELETE", headers: ["mcp-session-id": id]).status == 200)
            #expect(try await client.call("ping", session: id).status == 404)
            #expect(try await client.send("DELETE", headers: ["mcp-session-id": id]).status == 404)
            #expect(backend.record.sessions[id]?.state == .deleted)
            #expect(backend.record.deletes == 2)
        }
    }

    @Test(arguments: ["GET", "HEAD", "OPTIONS", "PUT"])
    func `other verbs are not allowed`(verb: String) async throws {
        try await withBackend { backend, client in
            let reply = try await client.send(verb, headers: ["mcp-session-id": backend.openSession()])
            #expect(reply.status == 405)
            #expect(backend.record.requests[verb] == 1)
        }
    }

    @Test func `a session expires after its idle time and is kept alive by requests`() async throws {
        let time = ManualTime()
        try await withBackend(.init(idleTTL: .seconds(6), advertisesTTL: true), time: time) { backend, client in
            let opened = try await client.call("initialize", session: nil)
            #expect(opened.headers["mcp-session-idle-ttl"] == "6")
            #expect(opened.body.contains(#""_meta":{"gortex/session_idle_ttl_seconds":6}"#))
            let id = try #require(opened.headers["mcp-session-id"])
            for _ in 0..<3 {
                time.advance(by: .seconds(5))
                #expect(try await client.call("ping", session: id).status == 200)
                // The idle time begins when the answer is written, which the client may learn of first.
                try await backend.wait { $0.sessions[id]?.inFlight == 0 }
            }
            time.advance(by: .seconds(6))
            let late = try await client.call("ping", session: id)
            #expect(late.status == 404)
            #expect(late.headers["mcp-session-idle-ttl"] == "6")
            #expect(backend.record.sessions[id]?.state == .expired)
        }
    }

    @Test func `a stateless backend issues no id`() async throws {
        var options = ScriptedBackend.Options()
        options.issuesSessionIDs = false
        try await withBackend(options) { _, client in
            let opened = try await client.call("initialize", session: nil)
            #expect(opened.status == 200 && opened.headers["mcp-session-id"] == nil)
            let pong = try await client.call("ping", session: nil)
            #expect(pong.status == 200)
        }
    }

    @Test func `an event stream has everything that clients must skip before the response`() async throws {
        var options = ScriptedBackend.Options()
        options.answersAs = .eventStream(primingEvent: true, comments: true, foreignEvents: true)
        try await withBackend(options) { backend, client in
            let pong = try await client.call("ping", session: backend.openSession())
            #expect(pong.headers["content-type"] == "text/event-stream")
            let events = pong.body.split(separator: "\r\n\r\n").map(String.init)
            #expect(events.count == 5)
            #expect(events.first == "id: priming-1\r\ndata: \r\nretry: 1000")
            #expect(events.last == "event: message\r\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":{}}")
        }
    }

    @Test func `tools are listed and called by name`() async throws {
        var options = ScriptedBackend.Options()
        options.tools = ["click": false, "peek": true]
        try await withBackend(options) { backend, client in
            let id = backend.openSession()
            let list = try await client.call("tools/list", session: id).body
            #expect(
                list.contains(#"{"name":"peek","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}"#)
            )
            #expect(list.contains(#""annotations":{"readOnlyHint":false}"#))
            let known = try await client.call("tools/call", session: id, parameters: #"{"name":"peek","arguments":{}}"#)
            #expect(known.body.contains(#""text":"ok""#) && !known.body.contains("isError"))
            let unknown = try await client.call("tools/call", session: id, parameters: #"{"name":"nope"}"#)
            #expect(unknown.body.contains(#""text":"Unknown tool: nope"}],"isError":true"#))
            #expect(backend.record.toolCalls == 2)
        }
    }

    @Test func `notifications are accepted and other methods are not found`() async throws {
        try await withBackend { backend, client in
            let headers = ["mcp-session-id": backend.openSession()]
            let body = Array(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#.utf8)
            let accepted = try await client.send("POST", headers: headers, body: body)
            #expect(accepted.status == 202 && accepted.body.isEmpty)
            let other = try await client.call("resources/list", session: headers["mcp-session-id"])
            #expect(other.body.contains(#""code":-32601"#))
            #expect(try await client.send("POST", headers: headers, body: [0xFF]).status == 400)
            #expect(try await client.send("POST", "/elsewhere", headers: headers, body: body).status == 404)
        }
    }
}
