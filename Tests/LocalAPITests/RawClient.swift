// SPDX-License-Identifier: Apache-2.0

import KeepaliveTesting
import NIOCore
import NIOPosix

/// One connection, over which a test sends what it likes and sees every byte that comes back.
final class RawClient: Sendable {
    /// What came back so far.
    struct Received {
        var bytes: [UInt8] = []
        /// Nothing more will come.
        var isOver = false

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    enum Place {
        case port(Int)
        case socket(String)
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let received: Recorder<Received>

        init(_ received: Recorder<Received>) {
            self.received = received
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(unwrapInboundIn(data).readableBytesView)
            received.change { $0.bytes += bytes }
        }

        func channelInactive(context: ChannelHandlerContext) { received.change { $0.isOver = true } }

        // A reset: the channel becomes inactive.
        func errorCaught(context: ChannelHandlerContext, error: any Error) {}
    }

    let channel: any Channel
    let received: Recorder<Received>

    /// - Parameters:
    ///   - reads: whether it reads what it is sent.
    ///   - staysOpen: whether it keeps its side open when the server has closed its own.
    init(_ place: Place, reads: Bool = true, staysOpen: Bool = false) async throws {
        let received = Recorder(Received())
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.autoRead, value: reads)
            .channelOption(.allowRemoteHalfClosure, value: staysOpen)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(received))
                }
            }
        self.received = received
        channel =
            switch place {
            case .port(let port):
                try await bootstrap.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: port)).get()
            case .socket(let path): try await bootstrap.connect(unixDomainSocketPath: path).get()
            }
    }

    deinit {
        channel.close(promise: nil)
    }

    /// Sends bytes; a server that has closed already is no error here.
    func send(_ bytes: [UInt8]) async {
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    func send(_ text: String) async { await send(Array(text.utf8)) }

    /// Closes this side.
    func finish() async throws { try await channel.close(mode: .output) }

    func close() async throws { try await channel.close() }

    /// Waits for the end of the connection and returns all that came.
    func rest() async throws -> Received { try await received.wait { $0.isOver } }

    /// Waits until the text was received.
    func wait(for text: String) async throws { try await received.wait { $0.text.contains(text) } }
}
