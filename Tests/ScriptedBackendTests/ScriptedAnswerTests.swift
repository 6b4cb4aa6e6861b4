// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import ScriptedBackend

@Suite(.timeLimit(.minutes(1)))
struct ScriptedAnswerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let answer: ScriptedAnswer
        let status: Int
        var header: (name: String, value: String)?
        var body = ""

        var testDescription: String { "\(answer)" }
    }

    static let cases = [
        Case(answer: .success, status: 200, body: #"{"jsonrpc":"2.0","id":"1","result":{}}"#),
        Case(
            answer: .rpcError(code: -32000, message: "say \"no\""),
            status: 200,
            header: ("content-type", "application/json"),
            body: #"{"jsonrpc":"2.0","id":"1","error":{"code":-32000,"message":"say \"no\""}}"#
        ),
        Case(
            answer: .methodNotFound(status: 404),
            status: 404,
            body: #"{"jsonrpc":"2.0","id":"1","error":{"code":-32601,"message":"Method not found"}}"#
        ),
        Case(
            answer: .toolError("crashed"),
            status: 200,
            body: #"{"jsonrpc":"2.0","id":"1","result":{"content":[{"type":"text","text":"crashed"}],"isError":true}}"#
        ),
        Case(
            answer: .status(418, body: "<html>", contentType: "text/html", headers: ["x-a": "b"]),
            status: 418,
            header: ("x-a", "b"),
            body: "<html>"
        ),
        Case(
            answer: .sessionExpired,
            status: 404,
            body: #"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Session not found"}}"#
        ),
        Case(answer: .redirect(to: "http://127.0.0.1:1/x"), status: 307, header: ("location", "http://127.0.0.1:1/x")),
        Case(
            answer: .emptyStream,
            status: 200,
            header: ("content-type", "text/event-stream"),
            body: ": nothing\r\n\r\n"
        ),
        Case(answer: .unauthorized, status: 401, header: ("www-authenticate", "Bearer")),
        Case(answer: .retryAfter("120", status: 503), status: 503, header: ("retry-after", "120")),
        Case(answer: .delay(.milliseconds(1), then: .status(204)), status: 204),
    ]

    @Test(arguments: cases)
    func `a script decides the answer`(_ expected: Case) async throws {
        let backend = ScriptedBackend { _ in expected.answer }
        let client = LoopbackClient(port: try await backend.start())
        let session = backend.openSession()
        let reply = try await client.call("ping", session: session)
        await backend.stop()
        #expect(reply.status == expected.status)
        #expect(reply.body == expected.body)
        if let header = expected.header { #expect(reply.headers[header.name] == header.value) }
        let isExpired = expected.answer == .sessionExpired
        #expect(backend.record.sessions[session]?.state == (isExpired ? .expired : .alive))
    }

    @Test func `a script sees what came and can be changed`() async throws {
        let seen = Mutex<[ScriptedRequest]>([])
        let backend = ScriptedBackend { request in
            seen.withLock { $0.append(request) }
            return request.sessionCount == 2 ? .status(500) : .success
        }
        let client = LoopbackClient(port: try await backend.start())
        let session = backend.openSession()
        let parameters = #"{"name":"peek","_meta":{"traceparent":"00-ab-cd-01"}}"#
        #expect(try await client.call("tools/call", session: session, parameters: parameters).status == 200)
        #expect(try await client.call("tools/call", session: session, parameters: parameters).status == 500)
        backend.setScript { _ in .status(503) }
        #expect(try await client.call("tools/call", session: session, parameters: parameters).status == 503)
        await backend.stop()
        let requests = seen.withLock { $0 }
        #expect(requests.map(\.count) == [1, 2])
        let first = try #require(requests.first)
        #expect(first.method == "tools/call" && first.tool == "peek" && first.httpMethod == "POST")
        #expect(first.traceparent == "00-ab-cd-01")
        #expect(first.sessionID == session && first.headers["mcp-session-id"] == session)
        #expect(backend.record.toolCalls == 3)
    }

    @Test func `a hanging answer ends when the client leaves`() async throws {
        let backend = ScriptedBackend { _ in .hang }
        let client = LoopbackClient(port: try await backend.start())
        let session = backend.openSession()
        let call = Task { try await client.call("ping", session: session) }
        try await backend.wait { $0.sessions[session]?.inFlight == 1 }
        call.cancel()
        try await backend.wait { $0.sessions[session]?.inFlight == 0 }
        _ = await call.result
        await backend.stop()
    }

    @Test func `stopping ends hanging answers`() async throws {
        let backend = ScriptedBackend { _ in .hang }
        let client = LoopbackClient(port: try await backend.start())
        let session = backend.openSession()
        let call = Task { try await client.call("ping", session: session) }
        try await backend.wait { $0.pings == 1 }
        await backend.stop()
        if case .success(let reply) = await call.result { #expect(reply.status != 200) }
        await #expect(throws: (any Error).self) { try await client.call("ping", session: session) }
    }
}
