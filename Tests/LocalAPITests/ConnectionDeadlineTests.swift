// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import KeepaliveTesting
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOTLS
import Testing

@testable import LocalAPI

/// The deadline of a request, by a clock that the test moves.
@Suite struct ConnectionDeadlineTests {
    private static let head =
        "PUT /v1/backends/b/sessions/k HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"

    /// A connection as the listener makes it, without a socket.
    private func connection(isEncrypted: Bool = false, refusal: ControlProblem? = nil) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        let arrivals = ArrivalHandler()
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(arrivals)
        try pipeline.addHandler(HTTPResponseEncoder())
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
        try pipeline.addHandler(
            ConnectionHandler(
                limits: LocalAPILimits(),
                arrivals: arrivals,
                refusal: refusal,
                isEncrypted: isEncrypted
            )
        )
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/test")).wait()
        return channel
    }

    private func received(_ channel: EmbeddedChannel) throws -> String {
        var text = ""
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
        return text
    }

    @Test(arguments: [
        ("\n", "\n"), ("GET /li", "a"), (head, "a"), (head + "Content-Length: 1000\r\n\r\n{", "1"),
        (head + "Transfer-Encoding: chunked\r\n\r\nffff\r\n1", "1"),
    ])
    func `a request that drips in is cut off 5 s after its first byte`(beginning: String, drop: String) throws {
        let channel = try connection()
        try channel.writeInbound(ByteBuffer(string: beginning))
        // Each byte comes long before a deadline that began anew with the one before would be over.
        for _ in 0..<49 {
            channel.embeddedEventLoop.advanceTime(by: .milliseconds(100))
            try channel.writeInbound(ByteBuffer(string: drop))
        }
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(99))
        #expect(try received(channel).isEmpty)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        let answer = try received(channel)
        #expect(answer.hasPrefix("HTTP/1.1 408 "))
        #expect(answer.contains("urn:mcp-keepalive:problem:request_timeout") && answer.contains("connection: close"))
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    // MARK: TLS

    private func secure(_ channel: EmbeddedChannel) {
        channel.pipeline.fireUserInboundEventTriggered(TLSUserEvent.handshakeCompleted(negotiatedProtocol: nil))
    }

    @Test func `a handshake that does not end is cut off 5 s after the connection, without a word`() throws {
        let channel = try connection(isEncrypted: true)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(4999))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(try !channel.isActive && received(channel).isEmpty)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `a handshake takes its time of that of the first request only`() throws {
        let channel = try connection(isEncrypted: true)
        channel.embeddedEventLoop.advanceTime(by: .seconds(3))
        secure(channel)
        try channel.writeInbound(ByteBuffer(string: "GET /li"))
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1999))
        #expect(try received(channel).isEmpty)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(try received(channel).hasPrefix("HTTP/1.1 408 "))
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `who is refused is told after the handshake`() throws {
        let channel = try connection(isEncrypted: true, refusal: ControlProblem(.tooManyConnections, "x"))
        channel.embeddedEventLoop.advanceTime(by: .seconds(3))
        #expect(try received(channel).isEmpty)
        secure(channel)
        #expect(try received(channel).hasPrefix("HTTP/1.1 503 "))
        _ = try channel.finish(acceptAlreadyClosed: true)
    }
}
