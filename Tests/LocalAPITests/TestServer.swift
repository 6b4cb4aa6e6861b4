// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Glibc
import KeepaliveTesting
import LocalAPI

/// A local API in front of a fake control plane, on all three kinds of listeners.
struct TestServer {
    static let token = "correct horse"

    let plane: FakeControlPlane
    let server: LocalAPIServer
    let folder: TemporaryFolder
    let path: String
    let ports: BoundPorts

    /// Runs a test with a server that is stopped afterwards.
    static func with(_ body: (TestServer) async throws -> Void) async throws {
        try await with(configured: { _ in }, body)
    }

    /// Runs a test with a server of another configuration.
    static func with(
        configured change: @Sendable (inout LocalAPIConfiguration) -> Void,
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let plane = FakeControlPlane()
        var configuration = LocalAPIConfiguration()
        configuration.socket = SocketListener(path: folder("s"), allowedUsers: [getuid()])
        configuration.readOnly = TCPListener(host: "127.0.0.1", port: 0)
        configuration.readWrite = TokenListener(address: TCPListener(host: "127.0.0.1", port: 0)) { token }
        configuration.allowedHosts = ["agent.internal"]
        change(&configuration)
        let server = LocalAPIServer(configuration: configuration, plane: plane)
        let ports = try await server.start()
        do {
            try await body(
                TestServer(plane: plane, server: server, folder: folder, path: folder("s"), ports: ports)
            )
        } catch {
            await server.stop(within: .zero)
            throw error
        }
        await server.stop(within: .zero)
        plane.goOn()
    }

    var socket: RawClient.Place { .socket(path) }
    var readOnly: RawClient.Place { .port(ports.readOnly ?? 0) }
    var readWrite: RawClient.Place { .port(ports.readWrite ?? 0) }

    /// One exchange over a connection of its own, on the socket unless told.
    func send(
        _ method: String,
        _ target: String,
        _ body: String? = nil,
        headers: [String: String] = [:],
        to place: RawClient.Place? = nil
    ) async throws -> Reply {
        var fields = ["host": "localhost", "connection": "close"]
        if let body {
            fields["content-type"] = "application/json"
            fields["content-length"] = String(body.utf8.count)
        }
        fields.merge(headers) { $1 }
        let head = fields.map { "\($0): \($1)\r\n" }.joined()
        return try await raw("\(method) \(target) HTTP/1.1\r\n\(head)\r\n\(body ?? "")", to: place)
    }

    /// Sends a text and reads until the server closes.
    func raw(_ text: String, to place: RawClient.Place? = nil) async throws -> Reply {
        let client = try await RawClient(place ?? socket)
        await client.send(text)
        return Reply(try await client.rest())
    }
}
