// SPDX-License-Identifier: Apache-2.0

import Glibc
import KeepaliveTesting
import Testing
import Transfer

/// What every transfer does.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct TransferPoolTests {
    @Test func `a request and its answer arrive as they were sent`() async throws {
        let headers = [(name: "Content-Type", value: "application/json"), (name: "X-One", value: "1")]
        let peer = try TCPPeer { _ in [.respond(status: 202, headers: headers, body: Array("{\"a\":1}".utf8))] }
        try await TransferActor.run { actor in
            let options = EndpointOptions(
                url: peer.url("/mcp?x=1"),
                userAgent: "agent/1",
                headers: [HeaderField(name: "X-Fixed", value: "fixed")]
            )
            let ended = try await actor.ping(
                to: options,
                headers: [HeaderField(name: "Mcp-Session-Id", value: "abc"), HeaderField(name: "X-Empty", value: "")],
                body: "{\"ping\":true}"
            )
            #expect(ended.status == 202)
            #expect(ended.error == nil)
            #expect(ended.text == "{\"a\":1}")
            #expect(ended.contentType == "application/json")
            #expect(ended.newConnection)
            #expect(ended.remotePort == Int(peer.port))
            #expect(ended.timings.total > .zero)
            #expect(ended.timings.firstByte > .zero)
            #expect(ended.timings.tls == .zero)
        }
        let request = try #require(peer.requests.first)
        #expect(request.method == "POST")
        #expect(request.target == "/mcp?x=1")
        #expect(request.text == "{\"ping\":true}")
        #expect(request.header("User-Agent") == "agent/1")
        #expect(request.header("X-Fixed") == "fixed")
        #expect(request.header("Mcp-Session-Id") == "abc")
        #expect(request.header("X-Empty") == "")
        #expect(request.header("Expect") == nil)
        #expect(request.header("Accept-Encoding") == nil)
        await peer.stop()
    }

    @Test func `requests one after another share a connection`() async throws {
        let peer = try TCPPeer { _ in [.respond(json: "{}")] }
        try await TransferActor.run { actor in
            for number in 1...50 {
                let ended = try await actor.ping(to: EndpointOptions(url: peer.url()))
                #expect(ended.error == nil)
                #expect(ended.newConnection == (number == 1))
            }
        }
        #expect(peer.requestCount == 50)
        #expect(peer.connectionCount == 1)
        await peer.stop()
    }

    @Test(arguments: [(RequestMethod.get, "GET"), (.post, "POST"), (.delete, "DELETE")])
    func `each method is sent by its name and only POST has a body`(
        _ method: RequestMethod,
        _ name: String
    ) async throws {
        let peer = try TCPPeer { _ in [.respond()] }
        try await TransferActor.run { actor in
            let options = EndpointOptions(url: peer.url())
            // On one handle, so that each method has to undo what the one before it left.
            for other in [RequestMethod.post, .delete, .get, .post] {
                _ = try await actor.ping(RequestHead(method: other), to: options)
                _ = try await actor.ping(RequestHead(method: method), to: options, body: "body")
            }
        }
        for request in peer.requests where request.number.isMultiple(of: 2) {
            #expect(request.method == name)
            #expect(request.text == (method == .post ? "body" : ""))
        }
        #expect(peer.requestCount == 8)
        await peer.stop()
    }

    @Test func `the control plane gets the whole response`() async throws {
        let peer = try TCPPeer { _ in
            [
                .text("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"),
                .respond(status: 404, headers: [("Retry-After", "3"), ("X-Two", "a"), ("x-two", "b")], body: [1, 2]),
            ]
        }
        try await TransferActor.run { actor in
            let request = Request(
                head: TransferActor.patient,
                headers: [HeaderField(name: "X-Own", value: "1")],
                body: Array("body".utf8)
            )
            let response = try await actor.send(request, to: EndpointOptions(url: peer.url()))
            #expect(response.status == 404)
            #expect(response.body == [1, 2])
            #expect(response.header("retry-after") == "3")
            #expect(response.headers.filter { $0.name.lowercased() == "x-two" }.map(\.value) == ["a", "b"])
            #expect(response.header("X-Early") == nil)
            #expect(response.contentType == nil)
            #expect(response.remoteAddress == "127.0.0.1")
        }
        #expect(peer.requests.first?.header("X-Own") == "1")
        #expect(peer.requests.first?.text == "body")
        await peer.stop()
    }

    @Test func `a large body is sent whole and without waiting for a go-ahead`() async throws {
        let peer = try TCPPeer { _ in [.respond()] }
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
        try await TransferActor.run { actor in
            let response = try await actor.send(
                Request(head: TransferActor.patient, body: body),
                to: EndpointOptions(url: peer.url())
            )
            #expect(response.status == 200)
        }
        #expect(peer.requests.first?.body == body)
        #expect(peer.requests.first?.header("Expect") == nil)
        await peer.stop()
    }

    @Test(arguments: ["a\r\nX-Evil: 1", "a\nb", "a\rb", "a\0b", "a\u{7F}", "\u{1B}[2J"])
    func `a header value with control characters is refused`(_ value: String) async throws {
        let peer = try TCPPeer { _ in [.respond()] }
        try await TransferActor.run { actor in
            let options = EndpointOptions(url: peer.url())
            let ended = try await actor.ping(to: options, headers: [HeaderField(name: "Mcp-Session-Id", value: value)])
            let error = try #require(ended.error)
            #expect(error.curlCode == 43)
            #expect(error.description.contains("Mcp-Session-Id"))
            #expect(!error.description.contains(value))
            #expect(try await actor.ping(to: options).error == nil)

            let fixed = EndpointOptions(url: peer.url("/fixed"), headers: [HeaderField(name: "X-Key", value: value)])
            await #expect(throws: TransferError.self) { try await actor.ping(to: fixed) }
        }
        #expect(peer.requestCount == 1)
        await peer.stop()
    }

    @Test(arguments: ["", "a b", "a:b", "a\r\nb", "Ünïcode"])
    func `a header name that is not a token is refused`(_ name: String) async throws {
        let peer = try TCPPeer { _ in [.respond()] }
        try await TransferActor.run { actor in
            let ended = try await actor.ping(
                to: EndpointOptions(url: peer.url()),
                headers: [HeaderField(name: name, value: "1")]
            )
            #expect(ended.error?.curlCode == 43)
        }
        #expect(peer.connectionCount == 0)
        await peer.stop()
    }

    @Test func `many and long headers arrive in order`() async throws {
        let peer = try TCPPeer { _ in [.respond()] }
        let fields = (0..<40).map { HeaderField(name: "X-\($0)", value: String(repeating: "v", count: $0 * 20 + 1)) }
        try await TransferActor.run { actor async throws in
            let options = EndpointOptions(url: peer.url(), headers: [HeaderField(name: "X-Last", value: "end")])
            #expect(try await actor.ping(to: options, headers: fields).error == nil)
            #expect(try await actor.ping(to: options, headers: Array(fields[..<1])).error == nil)
        }
        let received = peer.requests.map { request in request.headers.filter { $0.name.hasPrefix("X-") } }
        #expect(received.first?.map(\.name) == fields.map(\.name) + ["X-Last"])
        #expect(received.first?.map(\.value) == fields.map(\.value) + ["end"])
        #expect(received.last?.map(\.name) == ["X-0", "X-Last"])
        await peer.stop()
    }

    @Test func `a proxy of the environment applies only where it is asked for`() async throws {
        await #expect(processExitsWith: .success) {
            let proxy = try TCPPeer { _ in [.respond(status: 201)] }
            let peer = try TCPPeer { _ in [.respond(status: 200)] }
            for name in ["http_proxy", "all_proxy"] { unsafe setenv(name, "http://127.0.0.1:\(proxy.port)", 1) }
            try await TransferActor.run { actor async throws in
                #expect(try await actor.ping(to: EndpointOptions(url: peer.url("/none"))).status == 200)
                #expect(proxy.connectionCount == 0)
                let ambient = EndpointOptions(url: peer.url("/ambient"), proxy: .ambient)
                #expect(try await actor.ping(to: ambient).status == 201)
                let explicit = EndpointOptions(url: peer.url("/url"), proxy: .url(proxy.url("")))
                #expect(try await actor.ping(to: explicit).status == 201)
            }
            #expect(peer.requestCount == 1)
        }
    }

    @Test func `a description of a header field keeps its value secret`() {
        let field = HeaderField(name: "authorization", value: "Bearer abc")
        #expect("\(field)" == "authorization: ••••")
        #expect(String(reflecting: field) == "authorization: ••••")
    }
}
