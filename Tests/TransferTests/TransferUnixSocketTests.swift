// SPDX-License-Identifier: Apache-2.0

import Glibc
import KeepaliveTesting
import Testing
import Transfer

/// Requests to a Unix domain socket.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct TransferUnixSocketTests {
    /// The actor of the tests has an endpoint per URL.
    private static func options(_ path: String, _ target: String = "/v1/status") -> EndpointOptions {
        EndpointOptions(url: "http://localhost\(target)", unixSocketPath: path)
    }

    @Test func `a request goes to the socket and not to the host of the URL`() async throws {
        let folder = try TemporaryFolder()
        let peer = try TCPPeer(socketPath: folder("api.sock")) { _ in [.respond(json: "{}")] }
        try await TransferActor.run { actor in
            for number in 1...3 {
                let request = Request(head: RequestHead(method: .get, timeout: .seconds(50)))
                let response = try await actor.send(request, to: Self.options(folder("api.sock")))
                #expect(response.status == 200 && response.body == Array("{}".utf8))
                #expect(response.newConnection == (number == 1))
            }
        }
        #expect(peer.requests.map(\.target) == Array(repeating: "/v1/status", count: 3))
        #expect(peer.requests.first?.header("Host") == "localhost")
        await peer.stop()
    }

    @Test func `a socket that is not there and one that nobody listens on are told apart`() async throws {
        let folder = try TemporaryFolder()
        // To connect(2) a plain file is a socket on which nobody listens.
        try folder.write([], to: "stale.sock")
        try await TransferActor.run { actor in
            for (name, number) in [("nothing.sock", ENOENT), ("stale.sock", ECONNREFUSED)] {
                let error = await #expect(throws: TransferError.self) {
                    _ = try await actor.send(Request(), to: Self.options(folder(name), "/\(name)"))
                }
                #expect(error?.osError == number, "\(name): \(error.map { "\($0)" } ?? "")")
            }
        }
    }

    @Test func `a stream that is not kept is shown piece by piece, beyond the limit`() async throws {
        let pieces = (1...4).map { TCPPeerStep.text("\($0)" + String(repeating: "x", count: 99)) }
        let peer = try TCPPeer { _ in [.respondHead()] + pieces + [.close] }
        try await TransferActor.run { actor in
            let seen = Recorder(0)
            let head = RequestHead(method: .get, timeout: .seconds(50), bodyLimit: 10, keepsBody: false)
            let request = Request(head: head) { _, piece in
                let count = piece.count
                seen.change { $0 += count }
                return false
            }
            let response = try await actor.send(request, to: EndpointOptions(url: peer.url()))
            #expect(response.status == 200 && response.body.isEmpty)
            #expect(seen.record == 400)
        }
        await peer.stop()
    }
}
