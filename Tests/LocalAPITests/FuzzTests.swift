// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import KeepaliveTesting
import LocalAPI
import Testing

@Suite(.timeLimit(.minutes(5)))
struct FuzzTests {
    /// splitmix64: the same numbers each time.
    private struct Chance: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    private static let requests = [
        "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/sessions?backend=b&after=n%2B1&limit=20 HTTP/1.1\r\nHost: 127.0.0.1:80\r\nAccept: */*\r\n\r\n",
        "GET /v1/events?kinds=lost,keepalive HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 41\r\n\r\n",
        "PUT /v1/backends/b/sessions/k%20 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: 45\r\n\r\n{\"session_id\": \"s-1\", \"headers\": {\"x\": \"y\"}}",
        "POST /v1/backends/b/sessions/k/renew HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Transfer-Encoding: chunked\r\nTrailer: x\r\n\r\n9;a=b\r\n{\"lease_s\r\n7\r\neconds\"\r\n5\r\n: 90}\r\n0\r\nX: y\r\n\r\n",
        "POST /v1/backends/b/disable HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
        "DELETE http://localhost/v1/backends/b/sessions/k HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n",
        "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        "HEAD /readyz HTTP/1.1\r\nHost: [::1]\r\nOrigin: null\r\nAuthorization: Bearer correct horse\r\n\r\n",
    ].map { Array($0.utf8) }

    private static func mutated(_ chance: inout Chance) -> [UInt8] {
        var bytes = requests.randomElement(using: &chance) ?? []
        for _ in 0..<Int.random(in: 1...4, using: &chance) where !bytes.isEmpty {
            let position = Int.random(in: 0..<bytes.count, using: &chance)
            switch Int.random(in: 0..<7, using: &chance) {
            case 0: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
            case 1: bytes[position] = .random(in: 0...255, using: &chance)
            case 2: bytes.removeSubrange(position...)
            case 3: bytes.remove(at: position)
            case 4: bytes.insert(contentsOf: bytes[position...].prefix(20), at: position)
            case 5:
                let other = requests.randomElement(using: &chance) ?? []
                bytes = Array(bytes[..<position] + other[Int.random(in: 0..<other.count, using: &chance)...])
            default: bytes += requests.randomElement(using: &chance) ?? []
            }
        }
        return bytes
    }

    @Test func `whatever is sent ends in an answer or a close, and the server goes on`() async throws {
        try await TestServer.with(configured: { $0.limits.connections = 1000 }) { server in
            var chance = Chance(state: 20_261_126)
            let inputs = (0..<3000).map { _ in Self.mutated(&chance) }
            let places = [server.socket, server.readOnly, server.readWrite]
            try await withThrowingTaskGroup { group in
                for worker in 0..<8 {
                    group.addTask {
                        for number in stride(from: worker, to: inputs.count, by: 8) {
                            let client = try await RawClient(places[number % 3])
                            await client.send(inputs[number])
                            // The end of the input ends every request, and whoever subscribed goes away with the close.
                            try? await client.finish()
                            let received = try await client.received.wait {
                                $0.isOver || $0.text.contains("text/event-stream")
                            }
                            if received.bytes.isEmpty { continue }
                            let status = Reply(received).status
                            #expect((100...503).contains(status) && status != 500, "\(inputs[number])")
                        }
                    }
                }
                try await group.waitForAll()
            }
            for place in places { #expect(try await server.send("GET", "/livez", to: place).status == 200) }
            try await server.plane.state.wait { $0.subscriptions.allSatisfy(\.isOver) }
        }
    }
}
