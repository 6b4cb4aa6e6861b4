// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import KeepaliveTesting
import OperatorConsole
import Testing

@Suite(.serialized, .timeLimit(.minutes(1)))
struct ControlClientTests {
    /// A client of `lookup`, for as long as `body` takes.
    private func with<Result>(
        _ lookup: AgentLookup,
        token: String? = nil,
        deadline: Duration = .seconds(30),
        _ body: (ControlClient) async throws -> Result
    ) async throws -> Result {
        let client = ControlClient(lookup, token: token, deadline: deadline)
        client.start()
        defer { client.stop() }
        return try await body(client)
    }

    private func failure<Answer>(_ lookup: AgentLookup, _ request: ControlRequest<Answer>) async throws
        -> ControlFailure
    {
        try await with(lookup) { client in
            try await #require(throws: ControlFailure.self) { _ = try await client.answer(to: request) }
        }
    }

    private static func json(_ value: some Encodable) throws -> String {
        String(decoding: try ControlJSON.encode(value), as: UTF8.self)
    }

    private static func problem(_ code: ProblemCode, _ detail: String = "so it is") throws -> TCPPeerStep {
        .respond(status: code.status, json: try json(ControlProblem(code, detail)))
    }

    // MARK: Requests

    @Test func `an answer is read, and kept as the agent wrote it`() async throws {
        let folder = try TemporaryFolder()
        let text = try Self.json(Samples.status()).dropLast() + #","of_a_later_version":1}"#
        let peer = try TCPPeer(socketPath: folder("api.sock")) { _ in [.respond(json: String(text))] }
        let answer = try await with(AgentLookup(addresses: [.socket(folder("api.sock"))])) {
            try await $0.answer(to: .status)
        }
        #expect(answer.value == Samples.status() && answer.json == String(text))
        await peer.stop()
    }

    @Test func `names cannot name another path`() async throws {
        let peer = try TCPPeer { _ in [.respond(status: 204)] }
        try await with(AgentLookup(addresses: [.listener("127.0.0.1:\(peer.port)")])) { client in
            for key in ["..", "a/b?c#d", "é %"] { _ = try await client.answer(to: .release(backend: "db", key: key)) }
        }
        let folder = "/v1/backends/db/sessions/"
        #expect(peer.requests.map(\.target) == ["%2E%2E", "a%2Fb%3Fc%23d", "%C3%A9%20%25"].map { folder + $0 })
        await peer.stop()
    }

    @Test func `the token goes to a listener and never to a socket`() async throws {
        let folder = try TemporaryFolder()
        let socket = try TCPPeer(socketPath: folder("api.sock")) { _ in [.respond(json: #"{"backends":[]}"#)] }
        let listener = try TCPPeer { _ in [.respond(json: #"{"backends":[]}"#)] }
        for address in [AgentAddress.socket(folder("api.sock")), .listener("127.0.0.1:\(listener.port)")] {
            try await with(AgentLookup(addresses: [address]), token: "secret-7") {
                _ = try await $0.answer(to: .backends)
            }
        }
        #expect(socket.requests.map { $0.header("Authorization") } == [nil])
        #expect(listener.requests.map { $0.header("Authorization") } == ["Bearer secret-7"])
        await socket.stop()
        await listener.stop()
    }

    @Test func `all pages of the sessions are one`() async throws {
        let sessions = ["a", "b", "c"].map { name in
            SessionView(backend: name, source: .own, state: .active, lastActivity: Samples.now)
        }
        let first = try Self.json(SessionPage(sessions: Array(sessions[..<2]), next: "b 2"))
        let second = try Self.json(SessionPage(sessions: Array(sessions[2...])))
        let peer = try TCPPeer { request in [.respond(json: request.target.contains("after=b%202") ? second : first)] }
        let page = try await with(AgentLookup(addresses: [.listener("127.0.0.1:\(peer.port)")])) {
            try await $0.allSessions(backend: nil)
        }
        #expect(page.value.sessions == sessions && page.value.next == nil)
        #expect(peer.requests.map(\.target) == ["/v1/sessions?limit=1000", "/v1/sessions?after=b%202&limit=1000"])
        await peer.stop()
    }

    // MARK: Addresses

    @Test func `an address where nobody is leads to the next`() async throws {
        let folder = try TemporaryFolder()
        try folder.write([], to: "stale.sock")
        let peer = try TCPPeer { _ in [.respond(json: #"{"backends":[]}"#)] }
        let lookup = AgentLookup(addresses: [.socket(folder("stale.sock")), .listener("127.0.0.1:\(peer.port)")])
        let list = try await with(lookup) { try await $0.answer(to: .backends) }
        #expect(list.value.backends.isEmpty)
        await peer.stop()
    }

    @Test func `no agent is told with all that was tried`() async throws {
        let folder = try TemporaryFolder()
        try folder.write([], to: "stale.sock")
        var lookup = AgentLookup(addresses: [.socket(folder("stale.sock"))], absent: [.socket("/nowhere/api.sock")])
        lookup.remark = "x.yaml has errors"
        let failure = try await failure(lookup, .status)
        #expect(failure.kind == .notRunning && failure.code == "agent_unreachable" && failure.mayPass)
        #expect(
            failure.message
                == "no agent is running here; tried /nowhere/api.sock, \(folder("stale.sock")); x.yaml has errors"
        )
        #expect(failure.help?.contains("mcp-keepalive run") == true)
    }

    @Test func `a socket that refuses this user is passed by to read, and never to change`() async throws {
        let folder = try TemporaryFolder()
        let refusal = try Self.problem(.peerNotAllowed)
        let socket = try TCPPeer(socketPath: folder("api.sock")) { _ in [refusal] }
        let listener = try TCPPeer { _ in [.respond(json: #"{"backends":[]}"#)] }
        let lookup = AgentLookup(addresses: [.socket(folder("api.sock")), .listener("127.0.0.1:\(listener.port)")])
        try await with(lookup) { _ = try await $0.answer(to: .backends) }
        let failure = try await failure(lookup, .reload)
        #expect(failure.kind == .notPermitted && failure.help?.contains("group") == true)
        #expect(listener.requests.map(\.target) == ["/v1/backends"])
        await socket.stop()
        await listener.stop()
    }

    // MARK: Failures

    @Test(arguments: ProblemCode.allCases)
    func `every problem is told in the agent's words`(code: ProblemCode) async throws {
        let refusal = try Self.problem(code, "so it \u{1B}is")
        let peer = try TCPPeer { _ in [refusal] }
        let failure = try await failure(AgentLookup(addresses: [.listener("127.0.0.1:\(peer.port)")]), .reload)
        #expect(failure.code == code.rawValue && failure.message.hasSuffix("so it ·is"))
        await peer.stop()
    }

    @Test(arguments: [
        TCPPeerStep.respond(json: "[]"), .respond(body: Array("<html>".utf8)), .respond(status: 404),
        .respond(status: 302), .respond(status: 500, json: "{}"),
    ])
    func `what is not the agent is told apart`(answer: TCPPeerStep) async throws {
        let peer = try TCPPeer { _ in [answer] }
        let failure = try await failure(AgentLookup(addresses: [.listener("127.0.0.1:\(peer.port)")]), .status)
        #expect(failure.kind == .notTheAgent && failure.code == "not_the_agent" && !failure.mayPass)
        await peer.stop()
    }

    @Test func `an agent that hangs is waited for until the deadline`() async throws {
        let peer = try TCPPeer { _ in [.hang] }
        let lookup = AgentLookup(addresses: [.listener("127.0.0.1:\(peer.port)")])
        let failure = try await with(lookup, deadline: .milliseconds(200)) { client in
            await #expect(throws: ControlFailure.self) { _ = try await client.answer(to: .status) }
        }
        #expect(failure?.code == "agent_timeout" && failure?.mayPass == true)
        #expect(failure?.message.hasSuffix("did not answer within 200ms") == true)
        await peer.stop()
    }

    // MARK: Events

    private static func event(_ id: String, _ kind: AgentEvent.Kind) throws -> String {
        let event = AgentEvent(id: id, kind: kind, time: Samples.now, backend: "db")
        return (id.isEmpty ? "" : "id: \(id)\n") + "event: \(kind.rawValue)\ndata: \(try json(event))\n\n"
    }

    @Test func `events are followed, and the last that can be resumed is remembered`() async throws {
        let text = try Self.event("7", .lost) + ": still here\n\n" + Self.event("", .keepalive)
        // A kind of a later version is no reason to stop.
        let odd = "event: odd\ndata: {\"id\":\"8\",\"kind\":\"odd\",\"time\":\"2026-11-26T08:00:00Z\"}\n\n"
        let peer = try TCPPeer { _ in
            [.respondHead(headers: [("Content-Type", "text/event-stream")]), .text(String(text.prefix(50)))]
                + [.text(String(text.dropFirst(50)) + odd), .close]
        }
        let seen = Recorder([AgentEvent.Kind]())
        let lookup = AgentLookup(addresses: [.listener("127.0.0.1:\(peer.port)")])
        let end = try await with(lookup) { client in
            await client.follow([.lost, .keepalive], after: "3") { received in
                seen.change { $0.append(received.event.kind) }
                return true
            }
        }
        #expect(seen.record == [.lost, .keepalive])
        #expect(end.lastEventID == "7" && end.failure == nil)
        #expect(peer.requests.map(\.target) == ["/v1/events?kinds=lost%2Ckeepalive"])
        #expect(peer.requests.first?.header("Last-Event-ID") == "3")
        await peer.stop()
    }

    @Test func `a stream that is refused says why, and keeps the place`() async throws {
        let refusal = try Self.problem(.shuttingDown)
        let peer = try TCPPeer { _ in [refusal] }
        let end = try await with(AgentLookup(addresses: [.listener("127.0.0.1:\(peer.port)")])) {
            await $0.follow([.lost], after: "3") { _ in true }
        }
        #expect(end.failure?.code == "shutting_down" && end.failure?.mayPass == true && end.lastEventID == "3")
        await peer.stop()
    }

    @Test func `whoever has seen enough ends the stream`() async throws {
        let text = try Self.event("7", .lost)
        let peer = try TCPPeer { _ in [.respondHead(), .text(text), .hang] }
        let end = try await with(AgentLookup(addresses: [.listener("127.0.0.1:\(peer.port)")])) {
            await $0.follow([.lost], after: nil) { _ in false }
        }
        #expect(end.lastEventID == "7")
        await peer.stop()
    }

    @Test func `a stream that says nothing any more is given up, and keeps the place`() async throws {
        let text = try Self.event("7", .lost)
        let peer = try TCPPeer { _ in
            [.respondHead(headers: [("Content-Type", "text/event-stream")]), .text(text), .hang]
        }
        let end = try await with(AgentLookup(addresses: [.listener("127.0.0.1:\(peer.port)")])) {
            await $0.follow([.lost], after: nil, silence: .milliseconds(200)) { _ in true }
        }
        #expect(end.failure?.code == "agent_silent" && end.failure?.mayPass == true && end.lastEventID == "7")
        await peer.stop()
    }
}
