// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import KeepaliveTesting
import LocalAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RefusalTests {
    private static let session = "/v1/backends/b/sessions/k"

    @Test(arguments: [
        ("GET", "/", ProblemCode.noSuchPath), ("GET", "/v1", .noSuchPath), ("GET", "/v1/status/", .noSuchPath),
        ("GET", "/v2/status", .noSuchPath), ("POST", "/v1/backends/b/forget", .noSuchPath),
        ("POST", "/v1/backends/b/sessions/k/forget", .noSuchPath), ("GET", "/v1%2Fstatus", .noSuchPath),
        ("OPTIONS", "*", .invalidRequest), ("GET", "/v1/backends//sessions/k", .invalidParameter),
        ("GET", "/v1/backends/b/sessions/", .invalidParameter),
        ("GET", "/v1/backends/b/sessions/a%00b", .invalidParameter),
        ("GET", "/v1/backends/b/sessions/a%C2%85b", .invalidParameter),
        ("GET", "/v1/backends/b/sessions/%ff", .invalidParameter),
        ("GET", "/v1/backends/b/sessions/%2", .invalidParameter),
        ("GET", "/v1/backends/b/sessions/" + String(repeating: "k", count: 257), .invalidParameter),
        ("GET", "/v1/sessions?limit=0", .invalidParameter), ("GET", "/v1/sessions?limit=1001", .invalidParameter),
        ("GET", "/v1/sessions?limit=x", .invalidParameter), ("GET", "/v1/sessions?after=", .invalidParameter),
        ("GET", "/v1/sessions?limit=1&limit=2", .invalidParameter), ("GET", "/v1/sessions?page=1", .invalidParameter),
        ("GET", "/v1/status?verbose", .invalidParameter), ("GET", "/v1/events?kinds=lost,found", .invalidParameter),
        ("GET", "/v1/backends/c/sessions/k", .noSuchBackend), ("GET", "/v1/backends/b/sessions/k", .noSuchSession),
        ("PUT", "/v1/backends/b/sessions/k", .invalidBody),
    ])
    func `a request for what there is not is refused with the reason`(
        method: String,
        target: String,
        code: ProblemCode
    ) async throws {
        try await TestServer.with { server in
            let reply = try await server.send(method, target)
            #expect(reply.problem == code, "\(reply)")
        }
    }

    @Test(arguments: [
        ("POST", "/v1/status", "GET, HEAD"), ("DELETE", "/v1/events", "GET, HEAD"), ("GET", "/v1/reload", "POST"),
        ("POST", "/livez", "GET, HEAD"), ("PATCH", Self.session, "GET, HEAD, PUT, DELETE"),
        ("GET", Self.session + "/renew", "POST"), ("PUT", "/v1/backends/b/probe", "POST"),
    ])
    func `another method is refused with those there are`(method: String, target: String, allow: String) async throws {
        try await TestServer.with { server in
            let reply = try await server.send(method, target)
            #expect(reply.problem == .methodNotAllowed && reply.headers["allow"] == allow)
        }
    }

    @Test func `a body has to be JSON, to say so, and to be expected`() async throws {
        try await TestServer.with { server in
            let body = #"{"session_id": "s"}"#
            for type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
                let reply = try await server.send("PUT", Self.session, body, headers: ["content-type": type])
                #expect(reply.problem == .unsupportedMediaType)
            }
            let typed = ["content-type": "Application/JSON ; charset=utf-8"]
            #expect(try await server.send("PUT", Self.session, body, headers: typed).status == 201)
            #expect(try await server.send("PUT", Self.session, #"{"session_id": 1}"#).problem == .invalidBody)
            for path in ["/v1/reload", "/v1/backends/b/probe", "/v1/backends/b/enable"] {
                #expect(try await server.send("POST", path, "{}").problem == .invalidBody)
            }
            #expect(server.plane.state.record.calls == ["register b/k"])
        }
    }

    // MARK: Who may

    @Test func `a process of a user that is not listed is refused on the socket`() async throws {
        try await TestServer.with(configured: { $0.socket?.allowedUsers = [getuid() + 1] }) { server in
            let reply = try await server.send("GET", "/v1/status")
            #expect(reply.problem == .peerNotAllowed && reply.headers["connection"] == "close")
        }
    }

    @Test func `a process of a listed group is served on the socket`() async throws {
        try await TestServer.with(configured: {
            $0.socket?.allowedUsers = []
            $0.socket?.allowedGroups = [getgid()]
        }) { server in
            let reply = try await server.send("GET", "/v1/status")
            #expect(reply.status == 200)
        }
    }

    @Test func `the address for writing takes its token only`() async throws {
        try await TestServer.with { server in
            let missing = try await server.send("GET", "/v1/status", to: server.readWrite)
            #expect(missing.problem == .unauthorized)
            #expect(missing.headers["www-authenticate"] == #"Bearer realm="mcp-keepalive""#)
            for wrong in ["Bearer wrong", "Bearer correct horses", "Bearer", "Basic correct horse", "correct horse"] {
                let reply = try await server.send(
                    "GET",
                    "/v1/status",
                    headers: ["authorization": wrong],
                    to: server.readWrite
                )
                #expect(reply.problem == .unauthorized)
                #expect(reply.headers["www-authenticate"]?.contains("invalid_token") == true)
                #expect(!reply.body.contains("horse"))
            }
            // One who does not know the token learns nothing of what there is.
            #expect(try await server.send("GET", "/nothing", to: server.readWrite).problem == .unauthorized)
            let token = ["authorization": "bearer  \(TestServer.token)"]
            let reply = try await server.send(
                "PUT",
                Self.session,
                #"{"session_id": "s"}"#,
                headers: token,
                to: server.readWrite
            )
            #expect(reply.status == 201)
        }
    }

    @Test func `a token that changed counts from then on, and without one nobody is let in`() async throws {
        let token = Recorder<String?>("old")
        try await TestServer.with(configured: {
            $0.readWrite = TokenListener(address: TCPListener(host: "127.0.0.1", port: 0)) { token.record }
        }) { server in
            func status(_ text: String) async throws -> Int {
                let headers = ["authorization": "Bearer \(text)"]
                return try await server.send("GET", "/v1/status", headers: headers, to: server.readWrite).status
            }
            let before = try await status("old")
            #expect(before == 200)
            token.change { $0 = "new" }
            #expect(try await status("old") == 401)
            #expect(try await status("new") == 200)
            token.change { $0 = "" }
            #expect(try await status("") == 401)
            token.change { $0 = nil }
            #expect(try await status("new") == 401)
        }
    }

    @Test func `nothing can be changed through the address for reading`() async throws {
        try await TestServer.with { server async throws in
            let refused = [
                ("PUT", Self.session), ("DELETE", Self.session), ("GET", Self.session),
                ("POST", Self.session + "/renew"),
                ("POST", "/v1/backends/b/probe"), ("POST", "/v1/backends/b/disable"), ("POST", "/v1/reload"),
                ("POST", "/v1/status"), ("DELETE", "/v1/sessions"), ("POST", "/livez"),
            ]
            for (method, target) in refused {
                #expect(try await server.send(method, target, to: server.readOnly).problem == .readOnly)
            }
            for target in ["/v1/status", "/v1/backends", "/v1/sessions"] {
                #expect(try await server.send("GET", target, to: server.readOnly).status == 200)
            }
            #expect(try await server.send("PUT", "/nothing", to: server.readOnly).problem == .noSuchPath)
            #expect(server.plane.state.record.calls == ["sessions - - 1000"])
        }
    }

    @Test func `a name that somebody made to point here is refused over TCP, and so are web pages`() async throws {
        try await TestServer.with { server async throws in
            let headers = ["authorization": "Bearer \(TestServer.token)"]
            for place in [server.readOnly, server.readWrite] {
                for host in ["evil.example", "localhost.evil.example", ""] {
                    let headers = headers.merging(["host": host]) { $1 }
                    #expect(
                        try await server.send("GET", "/livez", headers: headers, to: place).problem == .hostNotAllowed
                    )
                }
                for host in ["LOCALHOST:1", "127.0.0.1", "[::1]:80", "10.1.2.3:7464", "agent.internal:7464"] {
                    let headers = headers.merging(["host": host]) { $1 }
                    #expect(try await server.send("GET", "/v1/status", headers: headers, to: place).status == 200)
                }
                for origin in ["http://localhost", "null"] {
                    let headers = headers.merging(["origin": origin]) { $1 }
                    #expect(
                        try await server.send("GET", "/livez", headers: headers, to: place).problem == .originNotAllowed
                    )
                }
            }
            #expect(try await server.send("GET", "/v1/status", headers: ["host": "agent"]).status == 200)
        }
    }
}
