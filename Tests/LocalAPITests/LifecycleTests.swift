// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import KeepaliveTesting
import LocalAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LifecycleTests {
    private func server(_ path: String) -> LocalAPIServer {
        var configuration = LocalAPIConfiguration()
        configuration.socket = SocketListener(path: path, allowedUsers: [getuid()])
        return LocalAPIServer(configuration: configuration, plane: FakeControlPlane())
    }

    private func server(port: Int, host: String = "127.0.0.1") -> LocalAPIServer {
        var configuration = LocalAPIConfiguration()
        configuration.readOnly = TCPListener(host: host, port: port)
        return LocalAPIServer(configuration: configuration, plane: FakeControlPlane())
    }

    /// Makes a socket of a process that did not clean up.
    private func leaveSocket(_ path: String) async throws {
        let server = server(path)
        try await server.start()
        // Another name of it outlives it.
        try FileManager.default.linkItem(atPath: path, toPath: path + ".kept")
        await server.stop(within: .zero)
        try FileManager.default.moveItem(atPath: path + ".kept", toPath: path)
    }

    private func status(_ path: String) async throws -> Int {
        let client = try await RawClient(.socket(path))
        await client.send("GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return Reply(try await client.rest()).status
    }

    // MARK: Socket

    @Test func `the socket is for its owner and group, in a folder that is made for it`() async throws {
        let folder = try TemporaryFolder()
        let server = server(folder("run/s"))
        try await server.start()
        #expect(folder.mode("run/s") == 0o660)
        #expect(folder.mode("run") == 0o750)
        #expect(try await status(folder("run/s")) == 200)
        await server.stop(within: .zero)
        #expect(folder.names(in: "run") == [])
    }

    @Test func `the socket of a dead process is replaced`() async throws {
        let folder = try TemporaryFolder()
        try await leaveSocket(folder("s"))
        #expect(folder.names() == ["s"])
        let server = server(folder("s"))
        try await server.start()
        #expect(try await status(folder("s")) == 200)
        await server.stop(within: .zero)
    }

    @Test func `a socket that somebody listens on is left to them`() async throws {
        let folder = try TemporaryFolder()
        let first = server(folder("s"))
        try await first.start()
        let error = await #expect(throws: LocalAPIError.self) { try await self.server(folder("s")).start() }
        #expect(error == .inUse(address: folder("s")))
        #expect(error?.description.contains("another process listens there") == true)
        #expect(try await status(folder("s")) == 200)
        await first.stop(within: .zero)
    }

    @Test func `of many that start at once on the socket of a dead process one wins`() async throws {
        let folder = try TemporaryFolder()
        try await leaveSocket(folder("s"))
        let servers = (0..<8).map { _ in server(folder("s")) }
        let results = await withTaskGroup(of: LocalAPIError?.self) { group in
            for server in servers {
                group.addTask {
                    do throws(LocalAPIError) {
                        try await server.start()
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count { $0 == nil } == 1)
        #expect(results.count { $0 == .inUse(address: folder("s")) } == 7)
        #expect(try await status(folder("s")) == 200)
        for server in servers { await server.stop(within: .zero) }
        #expect(folder.names() == [])
    }

    @Test func `what is no socket is left alone`() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "file")
        try folder.makeFolder("folder")
        try folder.link("link", to: "file")
        for name in ["file", "folder", "link"] {
            await #expect(throws: LocalAPIError.notSocket(path: folder(name))) {
                try await self.server(folder(name)).start()
            }
        }
        #expect(folder.names() == ["file", "folder", "link"])
    }

    @Test func `a socket that another process has put there by now is not removed`() async throws {
        let folder = try TemporaryFolder()
        let old = server(folder("s"))
        try await old.start()
        try folder.remove("s")
        let new = server(folder("s"))
        try await new.start()
        await old.stop(within: .zero)
        #expect(try await status(folder("s")) == 200)
        await new.stop(within: .zero)
        #expect(folder.names() == [])
    }

    @Test func `a path that cannot be is an error that names it`() async throws {
        let folder = try TemporaryFolder()
        let long = folder(String(repeating: "s", count: 108))
        let error = await #expect(throws: LocalAPIError.self) { try await self.server(long).start() }
        #expect(error?.description.contains(long) == true && error?.description.contains("107 bytes") == true)
        let nowhere = await #expect(throws: LocalAPIError.self) { try await self.server(folder("a/b/s")).start() }
        #expect(nowhere?.description.contains("No such file or directory") == true)
    }

    // MARK: TCP

    @Test func `a port that is taken is an error that says so, and nothing else listens then`() async throws {
        let folder = try TemporaryFolder()
        let first = server(port: 0)
        let port = try #require(try await first.start().readOnly)
        var configuration = LocalAPIConfiguration()
        configuration.socket = SocketListener(path: folder("s"), allowedUsers: [getuid()])
        configuration.readOnly = TCPListener(host: "127.0.0.1", port: port)
        let second = LocalAPIServer(configuration: configuration, plane: FakeControlPlane())
        let error = await #expect(throws: LocalAPIError.self) { try await second.start() }
        #expect(error == .inUse(address: "127.0.0.1:\(port)"))
        #expect(folder.names() == [])
        await first.stop(within: .zero)
        // The port is free at once.
        let third = server(port: port)
        #expect(try await third.start().readOnly == port)
        await third.stop(within: .zero)
    }

    @Test func `an address that is not this machine's, and one that is none, are errors that name it`() async throws {
        let foreign = await #expect(throws: LocalAPIError.self) {
            try await self.server(port: 80, host: "192.0.2.1").start()
        }
        #expect(foreign?.description.contains("192.0.2.1:80: Cannot assign requested address") == true)
        let none = await #expect(throws: LocalAPIError.self) {
            try await self.server(port: 80, host: "256.0.0.1").start()
        }
        #expect(none?.description.contains("256.0.0.1:80: the host name cannot be resolved") == true)
    }

    // MARK: Stopping

    private static let suspension = "POST /v1/backends/b/sessions/k/suspend HTTP/1.1\r\nHost: localhost\r\n\r\n"

    @Test func `what is being answered ends in order when the server stops, and what waits is closed`() async throws {
        try await TestServer.with { server in
            server.plane.state.change {
                $0.registrations["b/k"] = SessionRegistration(sessionID: "s")
                $0.hangs = true
            }
            let waiting = try await RawClient(server.readOnly)
            let busy = try await RawClient(server.socket)
            await busy.send(Self.suspension)
            try await server.plane.state.wait { !$0.hanging.isEmpty }
            async let stopped: Void = server.server.stop(within: .seconds(30))
            _ = try await waiting.rest()
            await #expect(throws: (any Error).self) { try await RawClient(server.socket) }
            server.plane.goOn()
            let reply = Reply(try await busy.rest())
            #expect(reply.status == 200 && reply.headers["connection"] == "close")
            await stopped
            #expect(server.folder.names() == [])
        }
    }

    @Test func `before the agent has begun only its health is told`() async throws {
        try await TestServer.with { server in
            server.plane.state.change { ($0.isStarted, $0.hangs) = (false, true) }
            async let status = server.send("GET", "/v1/status")
            try await server.plane.state.wait { $0.hanging.count == 1 }
            #expect(try await server.send("GET", "/livez").status == 200)
            server.plane.goOn()
            #expect(try await status.status == 200)
        }
    }

    @Test func `a request that hangs does not keep the server from stopping`() async throws {
        try await TestServer.with { server in
            server.plane.state.change {
                $0.registrations["b/k"] = SessionRegistration(sessionID: "s")
                $0.hangs = true
            }
            let client = try await RawClient(server.socket)
            await client.send(Self.suspension)
            try await server.plane.state.wait { !$0.hanging.isEmpty }
            let began = ContinuousClock.now
            await server.server.stop(within: .milliseconds(100))
            let took = began.duration(to: .now)
            #expect(took > .milliseconds(90) && took < .seconds(5))
            #expect(try await client.rest().bytes.isEmpty)
        }
    }
}
