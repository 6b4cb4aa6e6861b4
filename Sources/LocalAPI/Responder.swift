// SPDX-License-Identifier: Apache-2.0

internal import ControlAPI
internal import Foundation
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore

/// Turns requests into calls of the control plane, and what comes of them into answers.
struct Responder: Sendable {
    let plane: any ControlPlane
    let access: Access
    let limits: LocalAPILimits

    /// What a request comes to.
    private enum Outcome {
        case answer(Answer)
        case events(EventSubscription)
    }

    @concurrent
    func respond(to request: Request, _ writer: consuming ResponseWriter) async throws {
        switch await outcome(of: request) {
        case .answer(let answer):
            let head = HTTPResponse(status: answer.status, headerFields: answer.headers)
            if request.method == .head {
                try await writer.writeResponse(head)
            } else {
                try await writer.write(response: head, body: ResponseBody(byteBuffer: answer.body))
            }
        case .events(let subscription):
            let head = HTTPResponse(status: .ok, headerFields: [.contentType: EventText.contentType])
            if request.method == .head { return try await writer.writeResponse(head) }
            try await send(subscription, try await writer.writeHead(head), request.body)
        }
    }

    /// Writes events until there are no more, the client is gone, or the server stops.
    @concurrent
    private func send(
        _ subscription: EventSubscription,
        _ writer: some ResponseBodyWriter,
        _ body: HummingbirdCore.RequestBody
    ) async throws {
        var writer = writer
        do {
            try await body.consumeWithCancellationOnInboundClose { _ in
                for await event in subscription.events { try await writer.write(EventText.of(event)) }
            }
        } catch is CancellationError {
            // The stream is over, as it should be.
        }
        try await writer.finish(nil)
    }

    // MARK: Refusing

    private func outcome(of request: Request) async -> Outcome {
        if let problem = access.problem(with: request.head) { return .answer(.problem(problem)) }
        let found: Result<(Endpoint, RequestTarget), ControlProblem>
        do throws(ControlProblem) {
            let target = try RequestTarget(request.head.path ?? "")
            found = .success((try Endpoint(target.segments), target))
        } catch {
            found = .failure(error)
        }
        if case .success((let endpoint, _)) = found, endpoint.isHealth, endpoint.methods.contains(request.method) {
            return .answer(health(endpoint))
        }
        guard access.isAuthorized(request.head) else { return .answer(Self.unauthorized(request.head)) }
        switch found {
        case .failure(let problem): return .answer(.problem(problem))
        case .success(let (endpoint, target)):
            if let refusal = refusal(of: request.method, endpoint) { return .answer(refusal) }
            await plane.waitUntilStarted()
            do throws(ControlProblem) {
                return try await perform(endpoint, request, target)
            } catch {
                return .answer(.problem(error))
            }
        }
    }

    /// RFC 6750 section 3.
    private static func unauthorized(_ request: HTTPRequest) -> Answer {
        let isWrong = request.headerFields[.authorization] != nil
        return .problem(
            ControlProblem(
                .unauthorized,
                "this address takes requests with the header Authorization: Bearer and the token"
            ),
            headers: [.wwwAuthenticate: "Bearer realm=\"mcp-keepalive\"" + (isWrong ? ", error=\"invalid_token\"" : "")]
        )
    }

    private func refusal(of method: HTTPRequest.Method, _ endpoint: Endpoint) -> Answer? {
        if case .readOnly = access, !endpoint.isReadOnly || !endpoint.methods.contains(method) {
            return .problem(ControlProblem(.readOnly, "use the socket of the local API, or its address for writing"))
        }
        guard !endpoint.methods.contains(method) else { return nil }
        let methods = endpoint.methods.map(\.rawValue).joined(separator: ", ")
        // RFC 9110 section 15.5.6.
        return .problem(ControlProblem(.methodNotAllowed, "what can be done is \(methods)"), headers: [.allow: methods])
    }

    // MARK: Doing

    /// Asks nobody that could be busy.
    private func health(_ endpoint: Endpoint) -> Answer {
        let isGood = endpoint == .live ? plane.isLive : plane.isReady
        return .text(isGood ? "ok\n" : "not ok\n", isGood ? .ok : .serviceUnavailable)
    }

    private func perform(
        _ endpoint: Endpoint,
        _ request: Request,
        _ target: RequestTarget
    ) async throws(ControlProblem) -> Outcome {
        let values = try target.values(of: endpoint.parameters)
        switch endpoint {
        case .live, .ready: return .answer(health(endpoint))
        case .status: return .answer(.json(await plane.status()))
        case .backends: return .answer(.json(BackendList(backends: await plane.backends())))
        case .sessions: return .answer(.json(try await plane.sessions(SessionQuery(values))))
        case .events:
            let kinds = try AgentEvent.Kind.list(values["kinds"])
            if request.method == .head { return .events(EventSubscription(events: AsyncStream { $0.finish() })) }
            return .events(await plane.events(of: kinds, after: Self.lastEventID(request.headers)))
        case .session(let backend, let key): return .answer(try await session(backend, key, request))
        case .renewal(let backend, let key):
            return .answer(.json(try await plane.renew(try await body(request), backend: backend, key: key)))
        case .suspension(let backend, let key):
            return .answer(.json(try await plane.suspend(try await body(request), backend: backend, key: key)))
        case .probe(let backend):
            try await expectNoBody(request)
            return .answer(.json(try await plane.probe(backend: backend)))
        case .enabling(let backend):
            try await expectNoBody(request)
            return .answer(.json(try await plane.enable(backend: backend)))
        case .disabling(let backend):
            return .answer(.json(try await plane.disable(backend: backend, try await body(request))))
        case .reload:
            try await expectNoBody(request)
            return .answer(.json(try await plane.reload()))
        }
    }

    private func session(_ backend: String, _ key: String, _ request: Request) async throws(ControlProblem) -> Answer {
        switch request.method {
        case .put:
            let (grant, isNew) = try await plane.register(try await body(request), backend: backend, key: key)
            return .json(grant, isNew ? .created : .ok)
        case .delete:
            let report = try await plane.release(backend: backend, key: key)
            return report.durable ? .empty : .json(report)
        default:
            return .json(try await plane.session(backend: backend, key: key))
        }
    }

    private static func lastEventID(_ headers: HTTPFields) -> String? {
        guard let name = HTTPField.Name("last-event-id"), let id = headers[name], !id.isEmpty else { return nil }
        return id
    }

    // MARK: Bodies

    private func body<Body: ControlAPI.RequestBody>(_ request: Request) async throws(ControlProblem) -> Body {
        try ControlJSON.decodeBody(Body.self, from: try await bytes(of: request))
    }

    private func expectNoBody(_ request: Request) async throws(ControlProblem) {
        guard try await bytes(of: request).isEmpty else {
            throw ControlProblem(.invalidBody, "no body is expected here")
        }
    }

    private func bytes(of request: Request) async throws(ControlProblem) -> Data {
        let buffer: ByteBuffer
        do {
            // It is all there, and small enough: `ConnectionHandler` hands on nothing else.
            buffer = try await request.body.collect(upTo: limits.bodyBytes)
        } catch {
            throw ControlProblem(.invalidRequest, "the connection ended")
        }
        guard buffer.readableBytes > 0 else { return Data() }
        let type = request.headers[.contentType]?.prefix { $0 != ";" } ?? ""
        guard type.lowercased().filter({ $0 != " " && $0 != "\t" }) == "application/json" else {
            throw ControlProblem(.unsupportedMediaType, "expected the header Content-Type: application/json")
        }
        return Data(buffer.readableBytesView)
    }
}
