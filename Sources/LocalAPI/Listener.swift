// SPDX-License-Identifier: Apache-2.0

internal import ControlAPI
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// Something that listens, and its connections.
///
/// Hummingbird's `HTTP1Channel` speaks HTTP; its `Server` is not used, for it can bind to a path only as anybody's socket
/// and tells nobody of a connection before its first request.
final class Listener: Sendable {
    private typealias Served = HTTP1Channel.Value

    /// The port; nil for a unix socket.
    let port: Int?

    private let channel: any Channel
    private let file: SocketFile?
    private let connections: Connections
    /// Accepts connections and serves them; ends when it is closed and all of them are.
    private let serving: Task<Void, Never>
    /// Ends when `serving` does.
    private let ended: AsyncStream<Never>

    /// One thread is plenty for an API that people and a gateway use.
    private static let eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    // MARK: Starting

    /// Listens on a unix socket.
    static func open(
        _ socket: SocketListener,
        _ plane: any ControlPlane,
        _ limits: LocalAPILimits
    ) async throws(LocalAPIError) -> Listener {
        let file = try SocketFile(socket)
        let responder = Responder(plane: plane, access: .socket, limits: limits)
        do {
            return try await Listener(responder, file, socket) { bootstrap, initialize in
                try await bootstrap.bind(file.descriptor, childChannelInitializer: initialize)
            }
        } catch {
            file.remove()
            throw .failed(address: socket.path, reason: "\(error)")
        }
    }

    /// Listens on a TCP address.
    static func open(
        _ address: TCPListener,
        _ access: Access,
        tls: ServerTLS? = nil,
        _ plane: any ControlPlane,
        _ limits: LocalAPILimits
    ) async throws(LocalAPIError) -> Listener {
        let encryption = try tls?.context(shutdownTime: limits.lingerTime)
        let responder = Responder(plane: plane, access: access, limits: limits)
        do {
            return try await Listener(responder, nil, nil, encryption) { bootstrap, initialize in
                try await bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                    .bind(host: address.host, port: address.port, childChannelInitializer: initialize)
            }
        } catch {
            let text =
                address.host.contains(":") ? "[\(address.host)]:\(address.port)" : "\(address.host):\(address.port)"
            if let error = error as? IOError { throw LocalAPIError(error.errnoCode, address: text) }
            throw .failed(address: text, reason: "the host name cannot be resolved")
        }
    }

    private init(
        _ responder: Responder,
        _ file: SocketFile?,
        _ socket: SocketListener?,
        _ encryption: NIOSSLContext? = nil,
        _ bind: (
            sending ServerBootstrap, @escaping @Sendable (any Channel) -> EventLoopFuture<Served>
        ) async throws -> NIOAsyncChannel<Served, Never>
    ) async throws {
        let limits = responder.limits
        let connections = Connections(limit: limits.connections)
        // Access is logged nowhere.
        let logger = Logger(label: "local-api") { _ in SwiftLogNoOpLogHandler() }
        let http = Self.http(responder)
        let bootstrap = ServerBootstrap(group: Self.eventLoops)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
        let listening = try await bind(bootstrap) { channel in
            Self.problem(with: channel, socket).flatMap { problem in
                let refusal: ControlProblem?
                switch connections.admit(channel, problem: problem) {
                case .served: refusal = nil
                case .refused(let problem): refusal = problem
                case .dropped: return channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
                }
                return http.setup(channel: channel, logger: logger).flatMapThrowing { served in
                    try Self.insertHandlers(channel, limits, refusal, encryption)
                    return served
                }
            }
            .flatMapErrorThrowing { error in
                // SwiftNIO forgets such a connection, and leaves it open.
                channel.close(promise: nil)
                throw error
            }
        }
        let (ended, end) = AsyncStream<Never>.makeStream()
        self.file = file
        self.connections = connections
        self.ended = ended
        channel = listening.channel
        port = listening.channel.localAddress?.port
        serving = Task {
            await withDiscardingTaskGroup { group in
                // It throws when it is closed or canceled, which is how it ends.
                try? await listening.executeThenClose { inbound in
                    for try await connection in inbound {
                        group.addTask { await http.handle(value: connection, logger: logger) }
                    }
                }
            }
            end.finish()
        }
    }

    private static func http(_ responder: Responder) -> HTTP1Channel {
        var configuration = HTTP1Channel.Configuration()
        configuration.httpDecoder.maxHeaderFieldSize = responder.limits.headerBytes
        configuration.httpDecoder.maxHeaderListSize = responder.limits.headerBytes
        configuration.httpDecoder.maxHeaderFieldCount = 128
        return HTTP1Channel(
            responder: { request, writer, _ in try await responder.respond(to: request, writer) },
            configuration: configuration
        )
    }

    private static func problem(
        with channel: any Channel,
        _ socket: SocketListener?
    ) -> EventLoopFuture<ControlProblem?> {
        guard let socket else { return channel.eventLoop.makeSucceededFuture(nil) }
        return PeerCredentials.of(channel).map { peer in
            if socket.allows(peer) { return nil }
            return ControlProblem(.peerNotAllowed, "user \(peer.user) is not one of those that the socket is for")
        }
    }

    private static func insertHandlers(
        _ channel: any Channel,
        _ limits: LocalAPILimits,
        _ refusal: ControlProblem?,
        _ encryption: NIOSSLContext?
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let arrivals = ArrivalHandler()
        try pipeline.addHandler(
            ConnectionHandler(
                limits: limits,
                arrivals: arrivals,
                refusal: refusal,
                isEncrypted: encryption != nil
            ),
            position: .after(decoder)
        )
        try pipeline.addHandler(arrivals, position: .first)
        if let encryption { try pipeline.addHandler(NIOSSLServerHandler(context: encryption), position: .first) }
    }

    // MARK: Stopping

    /// Stops to listen, ends what only waits, and lets what is being answered end until then.
    func stop(by deadline: ContinuousClock.Instant) async {
        file?.remove()
        await close(channel)
        for connection in connections.channels {
            connection.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
        await withTaskGroup { group in
            group.addTask { for await _ in self.ended {} }
            // It is canceled when there is nothing left to wait for.
            group.addTask { try? await ContinuousClock().sleep(until: deadline) }
            await group.next()
            group.cancelAll()
        }
        for connection in connections.channels { await close(connection) }
        // What does not heed this is a call of the control plane. Its answer has nowhere to go; it is not waited for.
        serving.cancel()
    }

    /// Closes a channel that may be closed already, which is all that can go wrong.
    private func close(_ channel: any Channel) async {
        try? await channel.close()
    }
}
