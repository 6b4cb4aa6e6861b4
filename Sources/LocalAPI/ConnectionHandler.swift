// SPDX-License-Identifier: Apache-2.0

internal import ControlAPI
internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOTLS

/// Holds a connection to the limits and answers what never becomes a request.
///
/// It sits behind the decoder, where Hummingbird cannot: Hummingbird hands a request on with its first header and closes a
/// connection of which the decoder complains, or answers without a body. Here a request is handed on when all of it is
/// there, one at a time; whatever else happens ends in one problem and an orderly close. So exactly one side answers, and
/// handing on needs no limits.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    enum Phase {
        /// For the end of the handshake of TLS; nothing can be said before.
        case securing
        /// For the first byte of a request.
        case waiting
        case arriving
        /// A complete request was handed on.
        case answering
        /// The last answer is written; all that is left is to let the client take it.
        case done
    }

    /// What came while a request was being answered.
    enum Later {
        case part(HTTPServerRequestPart)
        case problem(ControlProblem)
    }

    let limits: LocalAPILimits
    let arrivals: ArrivalHandler
    /// Why the connection is not served at all.
    let refusal: ControlProblem?

    var phase: Phase
    /// When the connection was made.
    private var start = NIODeadline.uptimeNanoseconds(0)
    var request: RequestHead?
    var body = ByteBuffer()
    var later = CircularBuffer<Later>(initialCapacity: 0)
    var isStream = false
    /// Whether the client sends no more.
    var isInputOver = false
    /// Whether all was sent and this side is closed.
    var isOutputOver = false
    /// Whether the answer under way is the last one.
    var isLastAnswer = false
    /// Whether the server stops.
    var isStopping = false
    var isReadHeld = false
    /// What ends the phase when nothing else does.
    var deadline: Scheduled<Void>?
    var nextComment: Scheduled<Void>?
    /// What ends an answer that is not taken.
    var stall: Scheduled<Void>?

    init(limits: LocalAPILimits, arrivals: ArrivalHandler, refusal: ControlProblem?, isEncrypted: Bool = false) {
        phase = isEncrypted ? .securing : .waiting
        self.limits = limits
        self.arrivals = arrivals
        self.refusal = refusal
    }

    // MARK: Channel

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        start = context.eventLoop.now
        if phase == .securing {
            schedule(limits.requestTime, context) { $1.close(promise: nil) }
        } else if let refusal {
            refuse(refusal, context)
        } else {
            wait(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        phase = .done
        for timer in [deadline, nextComment, stall] { timer?.cancel() }
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch phase {
        case .waiting, .arriving: take(part, context)
        case .answering: keep(.part(part))
        case .securing, .done: break
        }
    }

    /// While a request is being answered nothing is read, so that what a client sends ahead waits in the kernel.
    func read(context: ChannelHandlerContext) {
        if phase == .answering { isReadHeld = true } else { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch (phase, Self.problem(for: error)) {
        case (.done, _): break
        case (.answering, let problem?): keep(.problem(problem))
        case (_, let problem?): refuse(problem, context)
        // The connection broke.
        case (_, nil): context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ArrivalHandler.BytesArrived:
            if phase == .waiting { begin(context) }
        case TLSUserEvent.handshakeCompleted:
            if phase == .securing { secured(context) }
        case ChannelEvent.inputClosed:
            isInputOver = true
            inputClosed(context)
        case is ChannelShouldQuiesceEvent:
            isStopping = true
            isLastAnswer = true
            if phase == .waiting || phase == .securing { context.close(promise: nil) }
            if phase == .answering, isStream { endStream(context) }
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// A client that closes its side may still want the answer (RFC 9112 section 9.6), so this ends nothing that is being
    /// answered. Whether it is still there at all shows when something is sent.
    private func inputClosed(_ context: ChannelHandlerContext) {
        switch phase {
        case .securing, .waiting, .arriving: context.close(promise: nil)
        case .answering: if isStream { comment(context) }
        // The client has everything, for it closes after us.
        case .done: if isOutputOver { context.close(promise: nil) }
        }
    }

    // MARK: Requests

    /// The handshake is over. It has taken its time of that of the first request.
    private func secured(_ context: ChannelHandlerContext) {
        if let refusal { return refuse(refusal, context) }
        begin(context, within: limits.requestTime - .nanoseconds((context.eventLoop.now - start).nanoseconds))
    }

    private func begin(_ context: ChannelHandlerContext, within time: Duration? = nil) {
        phase = .arriving
        schedule(time ?? limits.requestTime, context) { handler, context in
            handler.refuse(
                ControlProblem(.requestTimeout, "a request has to arrive within \(handler.limits.requestTime)"),
                context
            )
        }
    }

    func wait(_ context: ChannelHandlerContext) {
        phase = .waiting
        schedule(limits.idleTime, context) { $1.close(promise: nil) }
    }

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        if phase == .waiting { begin(context) }
        switch part {
        case .head(let head):
            do throws(ControlProblem) {
                let checked = try RequestHead(head, bodyLimit: limits.bodyBytes)
                request = checked
                if checked.expectsContinue {
                    let answer = HTTPResponseHead(version: .http1_1, status: .continue)
                    context.writeAndFlush(wrapOutboundOut(.head(answer)), promise: nil)
                }
            } catch {
                refuse(error, context)
            }
        case .body(var bytes):
            guard body.readableBytes + bytes.readableBytes <= limits.bodyBytes else {
                return refuse(ControlProblem(.bodyTooLarge, "a body may have \(limits.bodyBytes) bytes"), context)
            }
            body.writeBuffer(&bytes)
        case .end:
            guard let request else { return }
            phase = .answering
            deadline?.cancel()
            isStream = false
            context.fireChannelRead(wrapInboundOut(.head(request.head)))
            if body.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(.body(body))) }
            context.fireChannelRead(wrapInboundOut(.end(nil)))
            body = ByteBuffer()
        }
    }

    /// The most that is kept for after the answer; only a client that sends hundreds of requests ahead gets there.
    private static let mostLater = 1024

    private func keep(_ next: Later) {
        guard later.count < Self.mostLater else {
            arrivals.isDone = true
            isLastAnswer = true
            return later.removeAll()
        }
        later.append(next)
    }

    /// Goes on with what came while the last request was being answered.
    func takeLater(_ context: ChannelHandlerContext) {
        let before = later.count
        while phase == .waiting || phase == .arriving, let next = later.popFirst() {
            switch next {
            case .part(let part): take(part, context)
            case .problem(let problem): refuse(problem, context)
            }
        }
        if later.count < before { context.fireChannelReadComplete() }
    }

    /// Ends a phase after a time unless another one begins before.
    func schedule(
        _ duration: Duration,
        _ context: ChannelHandlerContext,
        _ action: @escaping (ConnectionHandler, ChannelHandlerContext) -> Void
    ) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(duration)) { [self] in
            deadline = nil
            action(self, context)
        }
    }
}
