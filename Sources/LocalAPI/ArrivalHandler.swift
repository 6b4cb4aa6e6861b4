// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// The first handler of a connection: tells of bytes before the decoder has made a request of them, and keeps from it what
/// comes after the last answer.
final class ArrivalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// A user event: bytes are about to be decoded.
    struct BytesArrived: Sendable {}

    /// Whether bytes are dropped from now on.
    var isDone = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        context.fireUserInboundEventTriggered(BytesArrived())
        context.fireChannelRead(data)
    }
}
