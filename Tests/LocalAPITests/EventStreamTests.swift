// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import KeepaliveTesting
import LocalAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct EventStreamTests {
    private static func event(_ id: String, _ kind: AgentEvent.Kind = .lost) -> AgentEvent {
        var event = AgentEvent(id: id, kind: kind, time: FakeControlPlane.now, backend: "b")
        event.key = "k"
        return event
    }

    /// With none that come by themselves, one shows that the server has noticed something.
    @Sendable private static func withoutComments(_ configuration: inout LocalAPIConfiguration) {
        configuration.limits.commentInterval = .seconds(3600)
    }

    /// Opens a stream and waits until the control plane knows of it.
    private func open(
        _ server: TestServer,
        _ target: String = "/v1/events",
        headers: String = "",
        to place: RawClient.Place? = nil
    ) async throws -> RawClient {
        let client = try await RawClient(place ?? server.socket)
        let before = server.plane.state.record.subscriptions.count
        await client.send("GET \(target) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n")
        try await server.plane.state.wait { $0.subscriptions.count > before }
        return client
    }

    @Test func `the head comes at once, and each event as it happens`() async throws {
        try await TestServer.with { server in
            for place in [server.socket, server.readOnly] {
                let client = try await open(server, to: place)
                try await client.wait(for: "\r\n\r\n")
                let head = Reply(client.received.record)
                #expect(head.status == 200 && head.headers["content-type"] == "text/event-stream")
                #expect(head.headers["cache-control"] == "no-store")
                server.plane.send(Self.event("7"))
                let json =
                    #"{"backend":"b","id":"7","key":"k","kind":"lost","time":"2026-11-26T08:00:00.000Z"}"#
                try await client.wait(for: "id: 7\nevent: lost\ndata: \(json)\n\n")
                // An event without an id must not make the client forget the one that it has.
                server.plane.send(Self.event("", .keepalive))
                try await client.wait(for: "\r\nevent: keepalive\ndata: ")
                #expect(!client.received.record.text.contains("id: \n"))
            }
        }
    }

    @Test func `what the client wants and where it stopped is passed on`() async throws {
        try await TestServer.with { server in
            let usual = try await open(server)
            let chosen = try await open(server, "/v1/events?kinds=keepalive,lost", headers: "Last-Event-ID: 41\r\n")
            let subscriptions = server.plane.state.record.subscriptions
            #expect(subscriptions.map(\.kinds) == [[.lost, .disabled, .enabled, .released], [.keepalive, .lost]])
            #expect(subscriptions.map(\.lastEventID) == [nil, "41"])
            try await usual.close()
            try await chosen.close()
        }
    }

    @Test func `the stream ends when the control plane ends it`() async throws {
        try await TestServer.with { server in
            let client = try await open(server)
            server.plane.send(Self.event("1"))
            for subscription in server.plane.state.record.subscriptions { subscription.continuation.finish() }
            let text = try await client.rest().text
            #expect(text.contains("id: 1\n") && text.hasSuffix("0\r\n\r\n"))
        }
    }

    @Test func `a stream without events is kept alive by comments`() async throws {
        try await TestServer.with(configured: {
            $0.limits.commentInterval = .milliseconds(100)
            $0.limits.idleTime = .milliseconds(500)
            $0.limits.requestTime = .milliseconds(500)
        }) { server in
            let client = try await open(server)
            try await client.received.wait { $0.text.components(separatedBy: ":\n\n").count > 5 }
            server.plane.send(Self.event("1"))
            try await client.wait(for: "id: 1\n")
        }
    }

    @Test func `a client that goes away ends its subscription`() async throws {
        try await TestServer.with(configured: Self.withoutComments) { server in
            for place in [server.socket, server.readOnly, server.readOnly] {
                let client = try await open(server, to: place)
                try await client.wait(for: "\r\n\r\n")
                try await client.close()
                try await server.plane.state.wait { $0.subscriptions.allSatisfy(\.isOver) }
            }
        }
    }

    @Test func `a client that goes away before the head ends its subscription`() async throws {
        try await TestServer.with(configured: Self.withoutComments) { server in
            for _ in 0..<20 { try await open(server, to: server.readOnly).close() }
            try await server.plane.state.wait { $0.subscriptions.count == 20 && $0.subscriptions.allSatisfy(\.isOver) }
        }
    }

    @Test func `a client that has closed its side goes on getting events`() async throws {
        try await TestServer.with(configured: Self.withoutComments) { server in
            for place in [server.socket, server.readOnly] {
                let client = try await open(server, to: place)
                try await client.wait(for: "\r\n\r\n")
                // Its side stays closed; the comment by which the server finds out shows that it knows.
                try await client.finish()
                try await client.wait(for: ":\n\n")
                server.plane.send(Self.event("9"))
                try await client.wait(for: "id: 9\n")
            }
        }
    }

    @Test func `a client that does not read is given up, and its subscription ended`() async throws {
        try await TestServer.with(configured: { $0.limits.idleTime = .milliseconds(200) }) { server in
            let client = try await RawClient(server.socket, reads: false)
            await client.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await server.plane.state.wait { $0.subscriptions.count == 1 }
            var event = Self.event("1")
            event.key = String(repeating: "k", count: 10_000)
            for _ in 0..<500 { server.plane.send(event) }
            try await server.plane.state.wait { $0.subscriptions.allSatisfy(\.isOver) }
        }
    }

    @Test func `streams end in order when the server stops`() async throws {
        try await TestServer.with { server in
            let clients = [try await open(server), try await open(server, to: server.readOnly)]
            for client in clients { try await client.wait(for: "\r\n\r\n") }
            let began = ContinuousClock.now
            await server.server.stop(within: .seconds(30))
            #expect(began.duration(to: .now) < .seconds(10))
            for client in clients { #expect(try await client.rest().text.hasSuffix("0\r\n\r\n")) }
            #expect(server.plane.state.record.subscriptions.count == 2)
            #expect(server.plane.state.record.subscriptions.allSatisfy { $0.isOver })
        }
    }

    @Test func `a stream that begins while the server stops ends in order, too`() async throws {
        try await TestServer.with { server in
            server.plane.state.change { $0.hangs = true }
            let waiting = try await RawClient(server.socket)
            let client = try await RawClient(server.socket)
            await client.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await server.plane.state.wait { !$0.hanging.isEmpty }
            async let stopped: Void = server.server.stop(within: .seconds(300))
            // By its end all connections have been told.
            _ = try await waiting.rest()
            server.plane.goOn()
            #expect(try await client.rest().text.hasSuffix("0\r\n\r\n"))
            await stopped
        }
    }
}
