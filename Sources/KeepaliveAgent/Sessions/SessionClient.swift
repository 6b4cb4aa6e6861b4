// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import MCPWire
import Transfer

/// Opens, examines and closes sessions of one backend, a request at a time: the MCP client besides the keepalives.
///
/// It is confined to the actor that owns the pool; its functions run there.
final class SessionClient {
    let backend: Backend
    private let index: BackendIndex
    private let pool: TransferPool
    private let clock: AgentClock
    private var requestIDs: RequestIDSource
    /// How many of its functions are under way: the backend's connections are needed until there are none.
    private(set) var operations = 0

    /// How much of an answer is taken.
    private static let bodyLimit = 1024 * 1024

    init(backend: Backend, index: BackendIndex, pool: TransferPool, clock: AgentClock, requestIDs: RequestIDSource) {
        self.backend = backend
        self.index = index
        self.pool = pool
        self.clock = clock
        self.requestIDs = requestIDs
    }

    /// Opens a session: `initialize`, then `notifications/initialized`.
    func open() async -> SessionOpening {
        operations += 1
        defer { operations -= 1 }
        let timeout = backend.configuration.policy.toolTimeout
        var session = SessionContext(origin: .owned, backend: index)
        let exchange = await exchange(.initialize, on: session, timeout: timeout) { id, body in
            // Lifecycle, "Version Negotiation": ask for the latest version that the client supports.
            JSONRPCRequest.appendInitialize(AgentVersion.clientInformation, id: id, to: &body)
        }
        guard exchange.isSuccess, let result = exchange.result else {
            let isModern = exchange.outcome.reaction == .redetectEra
            return SessionOpening(
                result: isModern ? .modern : .failed(exchange.outcome),
                answer: nil,
                exchange: exchange
            )
        }
        guard let answer = InitializeAnswer(result: result.span) else {
            let outcome = OutcomeClassification.outcome(for: .protocol)
            return SessionOpening(result: .failed(outcome), answer: nil, exchange: exchange)
        }
        if answer.protocolVersion.isModern {
            return SessionOpening(result: .modern, answer: answer, exchange: exchange)
        }
        let identifier = exchange.sessionID.flatMap { StreamableHTTPHeader.isValidSessionID($0) ? Array($0.utf8) : nil }
        if identifier == nil, backend.configuration.policy.stateful != .stateful {
            return SessionOpening(result: .stateless, answer: answer, exchange: exchange)
        }
        session.identifier = identifier ?? []
        session.protocolVersion = answer.protocolVersion
        // Lifecycle, "Initialization": the client MUST send `notifications/initialized`.
        let confirmation = await self.exchange(.initialized, on: session, timeout: timeout) { _, body in
            JSONRPCRequest.appendInitialized(to: &body)
        }
        guard confirmation.isSuccess else {
            await close(session, within: timeout)
            return SessionOpening(result: .failed(confirmation.outcome), answer: answer, exchange: confirmation)
        }
        let advertisedTTL = exchange.outcome.advertisedTTL ?? answer.advertisedTTL
        return SessionOpening(
            result: .opened(identifier: session.identifier, advertisedTTL: advertisedTTL),
            answer: answer,
            exchange: exchange
        )
    }

    /// Makes one keepalive call, as the agent does; `traceparent` goes into `params._meta`.
    func call(_ method: CallMethod, on session: SessionContext, traceparent: [UInt8] = []) async -> Exchange {
        let policy = backend.configuration.policy
        let timeout = min(policy.interval, method == .ping ? policy.timeout : policy.toolTimeout)
        return await exchange(MCPMethod(method), on: session, timeout: timeout) { [backend] id, body in
            if method == .tool, let tool = backend.tool {
                JSONRPCRequest.appendToolCall(tool, id: id, traceparent: traceparent, to: &body)
            } else {
                JSONRPCRequest.appendPing(id: id, traceparent: traceparent, to: &body)
            }
        }
    }

    /// Looks up what the backend says of a tool, on as many pages as it takes, up to 100.
    /// - Returns: the exchange that ended the search, and the tool where it was found.
    func lookUpTool(_ name: String, on session: SessionContext) async -> (Exchange, ToolList.Tool?) {
        operations += 1
        defer { operations -= 1 }
        var cursor: String?
        for _ in 0..<99 {
            let (exchange, page) = await listTools(after: cursor, on: session)
            guard let page else { return (exchange, nil) }
            if let tool = page.tools.first(where: { $0.name == name }) { return (exchange, tool) }
            guard let next = page.nextCursor else { return (exchange, nil) }
            cursor = next
        }
        return (await listTools(after: cursor, on: session).exchange, nil)
    }

    /// Ends a session of our own: DELETE. That it is gone already, or that the server takes no DELETE (405), is fine.
    @discardableResult
    func close(_ session: SessionContext, within timeout: Duration) async -> Bool {
        if session.identifier.isEmpty { return true }
        operations += 1
        defer { operations -= 1 }
        // Session Management: clients that no longer need a session SHOULD send an HTTP DELETE with its id.
        let head = RequestHead(method: .delete, timeout: timeout, bodyLimit: Self.bodyLimit)
        let request = Request(head: head, headers: headers(of: session))
        do throws(TransferError) {
            let status = try await pool.send(request, on: backend.endpoint).status
            return (200..<300).contains(status) || status == 404 || status == 405
        } catch {
            return false
        }
    }

    private func listTools(
        after cursor: String?,
        on session: SessionContext
    ) async -> (exchange: Exchange, page: ToolList?) {
        let timeout = backend.configuration.policy.toolTimeout
        let exchange = await exchange(.listTools, on: session, timeout: timeout) { id, body in
            JSONRPCRequest.appendToolList(cursor: cursor, id: id, to: &body)
        }
        return (exchange, exchange.result.flatMap { ToolList(result: $0.span) })
    }

    private func exchange(
        _ method: MCPMethod,
        on session: SessionContext,
        timeout: Duration,
        body append: (RequestID, inout [UInt8]) -> Void
    ) async -> Exchange {
        let id = requestIDs.next()
        var body: [UInt8] = []
        append(id, &body)
        let reading = AnswerReading(expecting: id)
        let request = Request(
            head: RequestHead(method: .post, timeout: timeout, bodyLimit: Self.bodyLimit),
            headers: headers(of: session),
            body: body,
            isComplete: { partial, piece in reading.receive(piece, of: partial) }
        )
        let start = clock.now()
        do throws(TransferError) {
            let response = try await pool.send(request, on: backend.endpoint)
            return reading.exchange(method, response, unixSeconds: Int64(clock.unixNanoseconds() / 1_000_000_000))
        } catch {
            let evidence = CallEvidence(method, status: 0, answer: .none, error: error)
            return Exchange(
                outcome: OutcomeClassification.classify(evidence),
                answer: .none,
                status: 0,
                result: nil,
                sessionID: nil,
                duration: clock.now() - start,
                error: error
            )
        }
    }

    private func headers(of session: SessionContext) -> [HeaderField] {
        var fields = session.headers ?? backend.headers
        if !session.identifier.isEmpty {
            let identifier = String(decoding: session.identifier, as: UTF8.self)
            fields.append(HeaderField(name: "\(StreamableHTTPHeader.sessionID)", value: identifier))
        }
        if let version = session.protocolVersion {
            fields.append(HeaderField(name: "\(StreamableHTTPHeader.protocolVersion)", value: version.rawValue))
        }
        return fields
    }
}
