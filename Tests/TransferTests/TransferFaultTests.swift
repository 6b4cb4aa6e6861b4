// SPDX-License-Identifier: Apache-2.0

import Glibc
import KeepaliveTesting
import Testing
import Transfer

/// What a server, or the way to it, can do wrong. The numbers are `CURLcode`s.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct TransferFaultTests {
    @Test(arguments: [
        ("silence", [TCPPeerStep.hang]),
        ("a drip", [.respondHead(), .drip(Array(repeating: 0x20, count: 10_000), every: .milliseconds(10))]),
        ("half a head", [.text("HTTP/1.1 200 OK\r\nContent-"), .hang]),
    ])
    func `the deadline is absolute`(_ name: String, _ steps: [TCPPeerStep]) async throws {
        let peer = try TCPPeer { _ in steps }
        let clock = ContinuousClock()
        let start = clock.now
        let ended = try await TransferActor.run { actor in
            try await actor.ping(RequestHead(timeout: .milliseconds(200)), to: EndpointOptions(url: peer.url()))
        }
        let duration = clock.now - start
        #expect(ended.error?.curlCode == 28)
        #expect(ended.error?.osError == 0)
        #expect(duration >= .milliseconds(200))
        #expect(duration < .seconds(10))
        await peer.waitForDisconnections(1)
        await peer.stop()
    }

    @Test func `an endless body ends at the limit and its connection is closed`() async throws {
        let peer = try TCPPeer { _ in [.respondHead(), .repeatForever(Array(repeating: 0x61, count: 4096))] }
        let ended = try await TransferActor.run { actor in
            try await actor.ping(
                RequestHead(timeout: .seconds(50), bodyLimit: 100_000),
                to: EndpointOptions(url: peer.url())
            )
        }
        let error = try #require(ended.error)
        #expect(error.limitExceeded)
        #expect(error.curlCode == 23)
        #expect(error.description == "the answer is larger than 100000 bytes")
        #expect(ended.status == 200)
        #expect(ended.body == Array(repeating: 0x61, count: 100_000))
        await peer.waitForDisconnections(1)
        await peer.stop()
    }

    @Test func `a body of exactly the limit is accepted`() async throws {
        let peer = try TCPPeer { _ in [.respond(body: Array(repeating: 0x61, count: 5000))] }
        try await TransferActor.run { actor async throws in
            let options = EndpointOptions(url: peer.url())
            #expect(try await actor.ping(RequestHead(timeout: .seconds(50), bodyLimit: 5000), to: options).error == nil)
            #expect(
                try await actor.ping(RequestHead(timeout: .seconds(50), bodyLimit: 4999), to: options).error?
                    .limitExceeded == true
            )
        }
        await peer.stop()
    }

    @Test func `a gzip bomb costs at most the limit`() async throws {
        let bomb = GzipBomb.zeros(count: 200_000_000)
        let peer = try TCPPeer { _ in [.respond(headers: [("Content-Encoding", "gzip")], body: bomb)] }
        let ended = try await TransferActor.run { actor in
            let options = EndpointOptions(url: peer.url(), acceptEncoding: "gzip")
            return try await actor.ping(RequestHead(timeout: .seconds(50), bodyLimit: 1_000_000), to: options)
        }
        #expect(ended.error?.limitExceeded == true)
        #expect(ended.body.count == 1_000_000)
        #expect(ended.body.allSatisfy { $0 == 0 })
        #expect(peer.requests.first?.header("Accept-Encoding") == "gzip")
        await peer.stop()
    }

    @Test(arguments: ["gzip", "br", "identity"])
    func `an answer that is compressed unasked is refused`(_ coding: String) async throws {
        let peer = try TCPPeer { _ in [.respond(headers: [("Content-Encoding", coding)], body: [1, 2, 3])] }
        let ended = try await TransferActor.run { actor in
            try await actor.ping(to: EndpointOptions(url: peer.url()))
        }
        #expect(ended.error?.curlCode == (coding == "identity" ? nil : 61))
        #expect(ended.body == (coding == "identity" ? [1, 2, 3] : []))
        await peer.stop()
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `a redirect is not followed`(_ status: Int) async throws {
        let other = try TCPPeer { _ in [.respond()] }
        let location = other.url()
        let peer = try TCPPeer { _ in [.respond(status: status, headers: [("Location", location)])] }
        let ended = try await TransferActor.run { actor in
            try await actor.ping(to: EndpointOptions(url: peer.url()))
        }
        #expect(ended.error == nil)
        #expect(ended.status == status)
        #expect(other.connectionCount == 0)
        await peer.stop()
        await other.stop()
    }

    @Test(arguments: [
        ("an empty reply", [TCPPeerStep.close], Int32(52)),
        ("a reset", [.reset], 56),
        ("half a body", [.text("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), .close], 18),
        ("a broken chunk", [.respondHead(headers: [("Transfer-Encoding", "chunked")]), .text("zz\r\n")], 56),
        ("no HTTP", [.text("SSH-2.0-OpenSSH_9.2\r\n"), .close], 1),
    ])
    func `a broken answer is told apart`(_ name: String, _ steps: [TCPPeerStep], _ code: Int32) async throws {
        let peer = try TCPPeer { _ in steps }
        let ended = try await TransferActor.run { actor in
            try await actor.ping(to: EndpointOptions(url: peer.url()))
        }
        #expect(ended.error?.curlCode == code)
        #expect(peer.requestCount == 1)
        await peer.stop()
    }

    @Test func `a flood of headers is cut off`() async throws {
        let line = "X-Flood: " + String(repeating: "a", count: 1000) + "\r\n"
        let peer = try TCPPeer { _ in [.text("HTTP/1.1 200 OK\r\n"), .repeatForever(Array(line.utf8))] }
        let ended = try await TransferActor.run { actor in
            try await actor.ping(to: EndpointOptions(url: peer.url()))
        }
        #expect(ended.error != nil)
        #expect(ended.error?.curlCode != 28)
        await peer.stop()
    }

    @Test func `a refused connection says so`() async throws {
        let closed = try RefusingPort()
        let url = "http://127.0.0.1:\(closed.port)/"
        let ended = try await TransferActor.run { actor in
            try await actor.ping(to: EndpointOptions(url: url))
        }
        let error = try #require(ended.error)
        #expect(error.curlCode == 7)
        #expect(error.osError == ECONNREFUSED)
        #expect(!error.description.contains("Couldn't connect"), "said twice")
        #expect(error.description.contains("Connection refused; check that the server runs"))
        #expect(ended.status == 0)
    }

    @Test func `a connection that went stale is replaced without a failure`() async throws {
        let peer = try TCPPeer { request in request.connection == 1 ? [.respond(), .close] : [.respond()] }
        try await TransferActor.run { actor async throws in
            let options = EndpointOptions(url: peer.url())
            #expect(try await actor.ping(to: options).error == nil)
            #expect(try await actor.ping(to: options).error == nil)
        }
        #expect(peer.connectionCount == 2)
        #expect(peer.requestCount == 2)
        await peer.stop()
    }

    @Test func `a CA file that does not exist is named as the cause`() async throws {
        let peer = try TCPPeer { _ in [] }
        let ended = try await TransferActor.run { actor in
            let tls = TLSOptions(caFile: "/nonexistent/ca.pem")
            return try await actor.ping(to: EndpointOptions(url: "https://127.0.0.1:\(peer.port)/", tls: tls))
        }
        #expect(ended.error?.curlCode == 77)
        #expect(ended.error?.description.contains("check that the CA file exists") == true)
        await peer.stop()
    }

    @Test(arguments: ["ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1:80", "", "http://", "http://a b/"])
    func `a URL that is not HTTP is refused`(_ url: String) async throws {
        try await TransferActor.run { actor in
            _ = await #expect(throws: TransferError.self) { try await actor.ping(to: EndpointOptions(url: url)) }
        }
    }
}
