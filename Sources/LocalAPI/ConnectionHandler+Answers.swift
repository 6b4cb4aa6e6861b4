// SPDX-License-Identifier: Apache-2.0

internal import ControlAPI
internal import Foundation
internal import HTTPTypes
internal import HTTPValues
internal import NIOCore
internal import NIOHTTP1

/// What goes out.
extension ConnectionHandler {
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard phase == .answering else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            isStream = head.headers.first(name: "content-type") == EventText.contentType
            // A request that the client sent ahead is still answered after its end of input.
            if isStream || request?.isKeepAlive != true || isInputOver && later.isEmpty { isLastAnswer = true }
            // The encoder must not send chunks to a client of HTTP/1.0.
            if request?.head.version == .http1_0 { head.version = .http1_0 }
            context.write(wrapOutboundOut(.head(complete(head))), promise: promise)
            if isStream { scheduleComment(context) }
            // The control plane took its time, and the server began to stop meanwhile.
            if isStream, isStopping { endStream(context) }
        case .body:
            context.write(data, promise: promise)
        case .end:
            // The encoder would write the last chunk of a stream also after HEAD, which has no body.
            let hasNoBody = isStream && request?.head.method == .HEAD
            let last = hasNoBody ? wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))) : data
            context.write(last, promise: promise)
            answered(context)
        }
    }

    /// Hummingbird closes its side after the last answer, which is what happens here anyway.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .output else { return context.close(mode: mode, promise: promise) }
        if phase != .done { finish(context) }
        promise?.succeed()
    }

    /// Gives up a client that does not take its answer.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stall?.cancel()
        stall = nil
        if !context.channel.isWritable {
            stall = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.idleTime)) {
                context.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    /// Answers with a problem, whatever became of the request, and ends the connection.
    func refuse(_ problem: ControlProblem, _ context: ChannelHandlerContext) {
        guard phase != .done else { return }
        let answer = Answer.problem(problem)
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status.code))
        for field in answer.headers { head.headers.add(name: field.name.canonicalName, value: field.value) }
        isLastAnswer = true
        context.write(wrapOutboundOut(.head(complete(head))), promise: nil)
        if request?.head.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
        }
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        finish(context)
    }

    /// The problem that an error of the decoder is; nil for other errors.
    static func problem(for error: any Error) -> ControlProblem? {
        switch error {
        case HTTPParserError.headerOverflow:
            ControlProblem(
                .headersTooLarge,
                "the request line and the headers are too long, or there are too many headers"
            )
        case is HTTPParserError:
            ControlProblem(.invalidRequest, "this is not HTTP/1.1")
        default: nil
        }
    }

    private func complete(_ head: HTTPResponseHead) -> HTTPResponseHead {
        var head = head
        // RFC 9110 section 6.6.1.
        head.headers.replaceOrAdd(
            name: "date",
            value: HTTPDate.text(secondsSince1970: Int64(Date.now.timeIntervalSince1970))
        )
        head.headers.replaceOrAdd(name: "cache-control", value: "no-store")
        if isLastAnswer { head.headers.replaceOrAdd(name: "connection", value: "close") }
        return head
    }

    private func answered(_ context: ChannelHandlerContext) {
        nextComment?.cancel()
        isStream = false
        request = nil
        guard !isLastAnswer else { return finish(context) }
        wait(context)
        takeLater(context)
        if phase == .answering || phase == .done { return }
        if isInputOver { return finish(context) }
        if isReadHeld {
            isReadHeld = false
            context.read()
        }
    }

    /// Closes this side, and the connection when the client has closed its own or has had time to.
    private func finish(_ context: ChannelHandlerContext) {
        phase = .done
        arrivals.isDone = true
        later.removeAll()
        nextComment?.cancel()
        // Until all is sent, which takes the client to read.
        schedule(limits.idleTime, context) { $1.close(promise: nil) }
        context.flush()
        let closed = context.eventLoop.makePromise(of: Void.self)
        closed.futureResult.assumeIsolated().whenComplete { [self] _ in
            isOutputOver = true
            if isInputOver { return context.close(promise: nil) }
            schedule(limits.lingerTime, context) { $1.close(promise: nil) }
        }
        context.close(mode: .output, promise: closed)
        if isReadHeld {
            isReadHeld = false
            context.read()
        }
    }

    // MARK: Streams

    /// To Hummingbird, a client that sends no more ends the stream.
    func endStream(_ context: ChannelHandlerContext) {
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    private func scheduleComment(_ context: ChannelHandlerContext) {
        nextComment?.cancel()
        nextComment = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.commentInterval)) {
            [self] in
            comment(context)
        }
    }

    /// Says that the stream is still there. To a client that does not read it would only pile up.
    func comment(_ context: ChannelHandlerContext) {
        guard phase == .answering, isStream else { return }
        if context.channel.isWritable {
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(EventText.comment))), promise: nil)
        }
        scheduleComment(context)
    }
}
