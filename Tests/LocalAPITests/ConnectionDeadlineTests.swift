// SPDX-License-Identifier: Apache-2.0

import KeepaliveTesting
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import LocalAPI

/// The deadline of a request, by a clock that the test moves.
@Suite struct ConnectionDeadlineTests {
    private static let head =
        "PUT /v1/backends/b/sessions/k HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"

    /// A connection as the listener makes it, without a socket.
    private func connection() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        let arrivals = ArrivalHandler()
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(arrivals)
        try pipeline.addHandler(HTTPResponseEncoder())
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
        try pipeline.addHandler(ConnectionHandler(limits: LocalAPILimits(), arrivals: arrivals, refusal: nil))
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
}
