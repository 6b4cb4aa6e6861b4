// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import KeepaliveTesting
import LocalAPI
import Testing

/// Clients that do not keep to HTTP, or to what is reasonable.
@Suite(.timeLimit(.minutes(1)))
struct MisbehaviorTests {
    private static let head =
        "PUT /v1/backends/b/sessions/k HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"

    @Test(arguments: [
        "\r\nnonsense\r\n\r\n", "GET\r\n\r\n", "GET /livez HTTP/1.1\r\nHost localhost\r\n\r\n",
        "GET /livez HTTP/3.0\r\n\r\n",
        "GET /livez HTTP/1.1\r\n\r\n", "GET /livez HTTP/1.1\r\nHost: a\r\nHost: localhost\r\n\r\n",
        "GET livez HTTP/1.1\r\nHost: localhost\r\n\r\n", "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "FETCH /livez HTTP/1.1\r\nHost: localhost\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}",
        "GET /livez HTTP/1.1\r\nHost: localhost\r\nA : b\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: localhost\r\nA: \u{1}\r\n\r\n",
        "PUT /v1/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "PUT /v1/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "PUT /v1/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n",
    ])
    func `what is not HTTP is refused and the connection closed`(text: String) async throws {
        try await TestServer.with { server in
            for place in [server.socket, server.readOnly] {
                let reply = try await server.raw(text, to: place)
                #expect(reply.problem == .invalidRequest, "\(reply)")
                #expect(reply.headers["connection"] == "close")
            }
        }
    }

    @Test func `a body that is too large is refused before it is read, however it is sent`() async throws {
        try await TestServer.with { server in
            let announced = try await server.raw(Self.head + "Content-Length: 65537\r\n\r\n")
            #expect(announced.problem == .bodyTooLarge && announced.headers["connection"] == "close")
            let huge = try await server.raw(Self.head + "Content-Length: 99999999999999999999\r\n\r\n")
            #expect(huge.problem == .bodyTooLarge || huge.problem == .invalidRequest)
            let chunk = "1000\r\n" + String(repeating: " ", count: 4096) + "\r\n"
            let whole = Self.head + "Transfer-Encoding: chunked\r\n\r\n" + String(repeating: chunk, count: 400)
            for place in [server.socket, server.readWrite] {
                let chunked = try await server.raw(whole, to: place)
                #expect(chunked.problem == .bodyTooLarge && chunked.headers["connection"] == "close")
            }
            #expect(server.plane.state.record.calls.isEmpty)
        }
    }

    @Test func `a body of the largest size is taken`() async throws {
        try await TestServer.with { server in
            let body = #"{"session_id": "s"}"#
            let padded = body + String(repeating: " ", count: 65_536 - body.utf8.count)
            #expect(try await server.send("PUT", "/v1/backends/b/sessions/k", padded).status == 201)
            let chunks = "8000\r\n\(padded.prefix(32_768))\r\n8000\r\n\(padded.dropFirst(32_768))\r\n0\r\n\r\n"
            let chunked = try await server.raw(
                Self.head + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
            )
            #expect(chunked.status == 200)
        }
    }

    @Test(arguments: [
        "A: " + String(repeating: "a", count: 16_384) + "\r\n",
        String(repeating: "Abcdefgh: " + String(repeating: "a", count: 400) + "\r\n", count: 50),
        String(repeating: "A: b\r\n", count: 200), "A: " + String(repeating: "a", count: 1 << 20) + "\r\n",
    ])
    func `a flood of headers is refused`(headers: String) async throws {
        try await TestServer.with { server in
            for place in [server.socket, server.readOnly] {
                let reply = try await server.raw("GET /livez HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n", to: place)
                #expect(reply.problem == .headersTooLarge && reply.headers["connection"] == "close")
            }
            let target = "/" + String(repeating: "a", count: 16_384)
            #expect(try await server.send("GET", target).problem == .headersTooLarge)
        }
    }

    @Test(arguments: [
        "\n", "GET /li", head, head + "Content-Length: 1000\r\n\r\n{",
        head + "Transfer-Encoding: chunked\r\n\r\nffff\r\n1",
    ])
    func `a request that is never complete is cut off`(beginning: String) async throws {
        try await TestServer.with(configured: { $0.limits.requestTime = .milliseconds(200) }) { server in
            let client = try await RawClient(server.socket)
            let began = ContinuousClock.now
            await client.send(beginning)
            let reply = Reply(try await client.rest())
            #expect(began.duration(to: .now) > .milliseconds(150))
            #expect(reply.problem == .requestTimeout && reply.headers["connection"] == "close")
        }
    }

    @Test func `a client that has closed its side still gets its answer`() async throws {
        try await TestServer.with { server in
            for place in [server.socket, server.readOnly] {
                let client = try await RawClient(place)
                await client.send("GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n")
                try await client.finish()
                #expect(Reply(try await client.rest()).status == 200)
            }
            server.plane.state.change {
                $0.registrations["b/k"] = SessionRegistration(sessionID: "s")
                $0.hangs = true
            }
            let client = try await RawClient(server.socket)
            await client.send(
                "POST /v1/backends/b/sessions/k/suspend HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    + "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
            )
            try await client.finish()
            try await server.plane.state.wait { !$0.hanging.isEmpty }
            server.plane.goOn()
            let received = try await client.rest()
            #expect(Reply(received).status == 200 && received.text.hasSuffix("ok\n"))
        }
    }

    @Test func `half a request and the end of the input is not HTTP`() async throws {
        try await TestServer.with { server in
            let client = try await RawClient(server.socket)
            await client.send("GET /livez HTTP/1.1\r\nHost:")
            try await client.finish()
            #expect(Reply(try await client.rest()).problem == .invalidRequest)
        }
    }

    @Test func `connections that wait too long for a request are closed`() async throws {
        try await TestServer.with(configured: { $0.limits.idleTime = .seconds(1) }) { server in
            let silent = try await RawClient(server.readOnly)
            let used = try await RawClient(server.readOnly)
            await used.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await silent.rest().bytes.isEmpty)
            #expect(try await used.rest().text.hasSuffix("ok\n"))
        }
    }

    @Test func `one connection too many is told so, and there is room again when one ends`() async throws {
        try await TestServer.with(configured: { $0.limits.connections = 2 }) { server in
            for place in [server.socket, server.readOnly] {
                let request = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
                var clients: [RawClient] = []
                for _ in 0..<2 {
                    let client = try await RawClient(place)
                    await client.send(request)
                    try await client.wait(for: "ok\n")
                    clients.append(client)
                }
                let reply = try await server.send("GET", "/livez", to: place)
                #expect(reply.problem == .tooManyConnections && reply.headers["connection"] == "close")
                try await clients[0].close()
                // The server hears of it when it does.
                while try await server.send("GET", "/livez", to: place).status != 200 {}
                await clients[1].send(request)
                try await clients[1].received.wait { $0.text.components(separatedBy: "ok\n").count == 3 }
            }
        }
    }

    @Test func `when even many are being refused, more are closed without a word`() async throws {
        try await TestServer.with(configured: {
            ($0.limits.connections, $0.limits.lingerTime) = (1, .seconds(3600))
        }) { server in
            for place in [server.socket, server.readOnly] {
                let served = try await RawClient(place)
                await served.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
                try await served.wait(for: "ok\n")
                let refused = try await RawClient(place, staysOpen: true)
                try await refused.wait(for: "too_many_connections")
                let dropped = try await RawClient(place)
                #expect(try await dropped.rest().bytes.isEmpty)
                try await refused.close()
                try await served.close()
            }
        }
    }

    @Test func `a client that was refused has time to take the answer, but not for ever`() async throws {
        let refused = "nonsense\r\n\r\n"
        try await TestServer.with(configured: {
            ($0.limits.connections, $0.limits.lingerTime) = (1, .seconds(3600))
        }) { server in
            let client = try await RawClient(server.readOnly, staysOpen: true)
            await client.send(refused)
            try await client.wait(for: "invalid_request")
            // Closing with unread input would reset the connection, and what it sends now would be that.
            await client.send(String(repeating: "more", count: 1000))
            #expect(try await server.send("GET", "/livez", to: server.readOnly).problem == .tooManyConnections)
            try await client.close()
            while try await server.send("GET", "/livez", to: server.readOnly).status != 200 {}
        }
        try await TestServer.with(configured: {
            ($0.limits.connections, $0.limits.lingerTime) = (1, .milliseconds(50))
        }) { server in
            let client = try await RawClient(server.readOnly, staysOpen: true)
            await client.send(refused)
            try await client.wait(for: "invalid_request")
            while try await server.send("GET", "/livez", to: server.readOnly).status != 200 {}
            #expect(Reply(client.received.record).problem == .invalidRequest)
        }
    }

    @Test func `a client that sends ahead without end is let go, and others are served`() async throws {
        try await TestServer.with { server in
            server.plane.state.change {
                $0.registrations["b/k"] = SessionRegistration(sessionID: "s")
                $0.hangs = true
            }
            let client = try await RawClient(server.socket)
            await client.send("POST /v1/backends/b/sessions/k/suspend HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await server.plane.state.wait { !$0.hanging.isEmpty }
            let flood = Task {
                await client.send(String(repeating: "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n", count: 100_000))
            }
            #expect(try await server.send("GET", "/livez").status == 200)
            try await client.close()
            await flood.value
            server.plane.goOn()
            #expect(try await server.send("GET", "/livez").status == 200)
        }
    }

    @Test func `nothing of a session's id or a body is in any answer`() async throws {
        try await TestServer.with { server in
            let secret = "TOP-SECRET"
            let bodies = [
                #"{"session_id": "\#(secret)", "lease_seconds": 0}"#, #"{"session_id": "\#(secret)", "x": 1}"#,
                #"{"session_id": "\#(secret)", "headers": {"a": "\#(secret)"}}"#, #"{"session_id": "\#(secret) "}"#,
                secret,
            ]
            for body in bodies {
                let reply = try await server.send("PUT", "/v1/backends/b/sessions/k", body)
                #expect(!reply.body.contains("SECRET"))
            }
        }
    }
}
