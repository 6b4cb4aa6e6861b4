// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// One HTTP exchange over a connection of its own, as raw text: what a client of the fakes would see on the wire.
struct LoopbackClient {
    struct Reply {
        let status: Int
        /// By lower-case name.
        let headers: [String: String]
        let body: String
    }

    let port: Int

    func send(
        _ method: String,
        _ path: String = "/mcp",
        headers: [String: String] = [:],
        body: [UInt8] = []
    ) async throws -> Reply {
        var request = "\(method) \(path) HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n"
        request += "content-length: \(body.count)\r\n"
        for (name, value) in headers { request += "\(name): \(value)\r\n" }
        var bytes = ByteBuffer(string: request + "\r\n")
        bytes.writeBytes(body)
        return Self.parse(try await exchange(bytes))
    }

    /// A JSON-RPC request on a session.
    func call(_ method: String, session: String?, parameters: String? = nil, id: String = "\"1\"") async throws -> Reply
    {
        let extra = parameters.map { ",\"params\":\($0)" } ?? ""
        let body = "{\"jsonrpc\":\"2.0\",\"id\":\(id),\"method\":\"\(method)\"\(extra)}"
        return try await send("POST", headers: session.map { ["mcp-session-id": $0] } ?? [:], body: Array(body.utf8))
    }

    private func exchange(_ request: ByteBuffer) async throws -> String {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(request)
            var text = ""
            for try await chunk in inbound { text += String(buffer: chunk) }
            return text
        }
    }

    private static func parse(_ text: String) -> Reply {
        // "\r\n" is one Character, so lines are split by it and not by its parts.
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let headEnd = lines.firstIndex(of: "") ?? lines.endIndex
        var headers: [String: String] = [:]
        for line in lines[..<headEnd].dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        return Reply(
            status: lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0,
            headers: headers,
            body: lines[headEnd...].dropFirst().joined(separator: "\r\n")
        )
    }
}
