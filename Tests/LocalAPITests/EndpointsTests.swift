// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import KeepaliveTesting
import LocalAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct EndpointsTests {
    private static let registration = #"{"session_id": "s-1", "lease_seconds": 60}"#

    @Test func `a session is registered, replaced, shown, renewed, suspended and released`() async throws {
        try await TestServer.with { server in
            let path = "/v1/backends/b/sessions/k"
            let created = try await server.send("PUT", path, Self.registration)
            #expect(created.status == 201)
            #expect(created.headers["content-type"] == "application/json")
            #expect(created.headers["cache-control"] == "no-store")
            #expect(created.headers["date"]?.hasSuffix(" GMT") == true)
            let grant: SessionGrant = try created.decoded()
            #expect(grant.backend == "b" && grant.key == "k")
            #expect(grant.leaseExpiresAt == FakeControlPlane.now + 60)
            #expect(try await server.send("PUT", path, Self.registration).status == 200)
            #expect(server.plane.state.record.registrations["b/k"]?.sessionID == "s-1")

            let view: SessionView = try await server.send("GET", path).decoded()
            #expect(view.key == "k" && view.source == .api)
            let renewed = try await server.send("POST", path + "/renew", #"{"lease_seconds": 90}"#)
            #expect(try renewed.decoded(as: SessionGrant.self).leaseExpiresAt == FakeControlPlane.now + 90)
            #expect(try await server.send("POST", path + "/renew").status == 200)
            let suspended = try await server.send("POST", path + "/suspend", #"{"seconds": 30}"#)
            #expect(try suspended.decoded(as: SessionGrant.self).suspendedUntil == FakeControlPlane.now + 30)

            let released = try await server.send("DELETE", path)
            #expect(released.status == 204 && released.body.isEmpty && released.headers["content-type"] == nil)
            #expect(try await server.send("DELETE", path).problem == .noSuchSession)
            server.plane.state.change { $0.isDurable = false }
            _ = try await server.send("PUT", path, Self.registration)
            let undurable = try await server.send("DELETE", path)
            #expect(undurable.status == 200)
            #expect(try undurable.decoded() == ReleaseReport(backend: "b", key: "k", durable: false))
            #expect(
                server.plane.state.record.calls == [
                    "register b/k", "register b/k", "session b/k", "renew b/k 90", "renew b/k 0", "suspend b/k 30",
                    "release b/k", "release b/k", "register b/k", "release b/k",
                ]
            )
        }
    }

    @Test func `backend and key are what the client wrote, percent-encoded or not`() async throws {
        try await TestServer.with { server in
            let reply = try await server.send(
                "PUT",
                "/v1/backends/%2Fb%20%C3%BC/sessions/a%2fb+c%3F%25",
                Self.registration
            )
            #expect(reply.status == 201)
            let grant: SessionGrant = try reply.decoded()
            #expect(grant.backend == "/b ü" && grant.key == "a/b+c?%")
        }
    }

    @Test func `sessions are listed by page`() async throws {
        try await TestServer.with { server in
            let page: SessionPage = try await server.send("GET", "/v1/sessions").decoded()
            #expect(page.next == "n+1 /")
            #expect(try await server.send("GET", "/v1/sessions?backend=b&after=n%2B1+%2F&limit=20").status == 200)
            #expect(server.plane.state.record.calls == ["sessions - - 1000", "sessions b n+1 / 20"])
        }
    }

    @Test func `the agent and its backends are shown`() async throws {
        try await TestServer.with { server in
            let status: StatusView = try await server.send("GET", "/v1/status").decoded()
            #expect(status.version == "1.0.0" && status.backends == [FakeControlPlane.backend])
            let list: BackendList = try await server.send("GET", "/v1/backends").decoded()
            #expect(list.backends == [FakeControlPlane.backend])
        }
    }

    @Test func `backends are probed, enabled and disabled, and the configuration is read again`() async throws {
        try await TestServer.with { server in
            let report: ProbeReport = try await server.send("POST", "/v1/backends/b/probe").decoded()
            #expect(report.succeeded == true && report.latencyMilliseconds == 1.5)
            let enabled: BackendView = try await server.send("POST", "/v1/backends/b/enable").decoded()
            #expect(enabled.state == .active)
            let disabled: BackendView = try await server.send("POST", "/v1/backends/b/disable", #"{"for_seconds": 9}"#)
                .decoded()
            #expect(disabled.state == .heldByOperator)
            #expect(try await server.send("POST", "/v1/backends/b/disable").status == 200)
            let reload: ReloadReport = try await server.send("POST", "/v1/reload").decoded()
            #expect(reload.added == ["new"] && reload.untouchedSessions == 15)
            #expect(
                server.plane.state.record.calls == ["probe b", "enable b", "disable b 9", "disable b 0", "reload"]
            )
        }
    }

    @Test func `health is told to everybody, in a word and a status`() async throws {
        try await TestServer.with { server in
            for place in [server.socket, server.readOnly, server.readWrite] {
                for path in ["/livez", "/readyz"] {
                    server.plane.state.change { ($0.isLive, $0.isReady) = (true, true) }
                    let good = try await server.send("GET", path, to: place)
                    #expect(good.status == 200 && good.body == "ok\n")
                    #expect(good.headers["content-type"] == "text/plain; charset=utf-8")
                    server.plane.state.change { if path == "/livez" { $0.isLive = false } else { $0.isReady = false } }
                    #expect(try await server.send("GET", path, to: place).status == 503)
                }
            }
            #expect(server.plane.state.record.calls.isEmpty)
        }
    }

    @Test func `HEAD is answered as GET is, without the body`() async throws {
        try await TestServer.with { server in
            for path in ["/livez", "/v1/status", "/v1/backends", "/v1/sessions"] {
                let body = try await server.send("GET", path, to: server.readOnly)
                let head = try await server.send("HEAD", path, to: server.readOnly)
                #expect(head.status == 200 && head.body.isEmpty)
                #expect(head.headers["content-length"] == String(body.body.utf8.count))
            }
            let events = try await server.send("HEAD", "/v1/events", to: server.readOnly)
            #expect(events.headers["content-type"] == "text/event-stream" && events.body.isEmpty)
            #expect(server.plane.state.record.subscriptions.isEmpty)
            // A refusal, too, has no body then.
            let refused = try await server.send("HEAD", "/nothing")
            #expect(refused.status == 404 && refused.body.isEmpty)
        }
    }

    @Test func `a connection is used again, also for what the client sends ahead`() async throws {
        try await TestServer.with { server in
            let client = try await RawClient(server.readOnly)
            let request = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
            await client.send(request)
            try await client.wait(for: "ok\n")
            await client.send(
                request + request + "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            )
            let text = try await client.rest().text
            #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count == 5)
            #expect(text.components(separatedBy: "connection: close").count == 2)
        }
    }

    @Test func `clients of HTTP 1.0 are served without a Host, and let go`() async throws {
        try await TestServer.with { server in
            let reply = try await server.raw("GET /livez HTTP/1.0\r\n\r\n", to: server.readOnly)
            #expect(reply.status == 200 && reply.body == "ok\n" && reply.headers["connection"] == "close")
        }
    }

    @Test func `a target may be absolute`() async throws {
        try await TestServer.with { server in
            let own = "GET http://127.0.0.1:80/livez HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
            let served = try await server.raw(own, to: server.readOnly)
            #expect(served.status == 200)
            let other = "GET http://evil.example/livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let refused = try await server.raw(other, to: server.readOnly)
            #expect(refused.problem == .hostNotAllowed)
        }
    }

    @Test func `a client that waits to be asked for the body is asked`() async throws {
        try await TestServer.with { server in
            let client = try await RawClient(server.socket)
            await client.send(
                """
                PUT /v1/backends/b/sessions/k HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r
                Content-Type: application/json\r\nContent-Length: \(Self.registration.utf8.count)\r
                Connection: close\r\n\r\n
                """
            )
            try await client.wait(for: "HTTP/1.1 100 Continue\r\n\r\n")
            await client.send(Self.registration)
            #expect(try await client.rest().text.contains("HTTP/1.1 201 Created"))
        }
    }

    @Test func `what cannot be written as JSON is an internal error`() async throws {
        try await TestServer.with { server in
            server.plane.state.change { $0.latency = .infinity }
            let reply = try await server.send("POST", "/v1/backends/b/probe")
            #expect(reply.problem == .internalError)
        }
    }
}
