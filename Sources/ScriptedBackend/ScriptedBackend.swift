// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore
private import Synchronization

/// An MCP server over Streamable HTTP, in process and on loopback, whose answers follow a script.
///
/// Without a script it behaves: it issues session ids, expires idle sessions, refuses unknown ones with 404 and missing
/// ones with 400, ends them on DELETE and answers 405 to GET. It records what it received.
package final class ScriptedBackend: Sendable {
    /// Decides the answer to a request. Called for each request, on any thread.
    package typealias Script = @Sendable (ScriptedRequest) -> ScriptedAnswer

    /// What the backend is like, before any script.
    package let options: Options

    private let now: @Sendable () -> ContinuousClock.Instant
    private let ledger: Observed<SessionLedger>
    private let script: Mutex<Script>
    private let server = Mutex<LoopbackServer?>(nil)

    /// A backend that does not listen yet.
    /// - Parameter now: what sessions age by.
    package init(
        options: Options = Options(),
        script: @escaping Script = { _ in .success },
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.options = options
        self.now = now
        self.script = Mutex(script)
        ledger = Observed(SessionLedger(idleTTL: options.idleTTL, isStateless: !options.issuesSessionIDs))
    }

    /// Starts to listen on 127.0.0.1 and returns the port. The endpoint is `/mcp`.
    package func start() async throws -> Int {
        let server = LoopbackServer { [weak self] request in
            guard let self else { return Response(status: .serviceUnavailable) }
            return try await self.respond(to: request)
        }
        let port = try await server.start()
        self.server.withLock { $0 = server }
        return port
    }

    /// Stops to listen and closes all connections. Sessions and records stay.
    package func stop() async {
        let server = server.withLock { server in
            defer { server = nil }
            return server
        }
        await server?.stop()
    }

    /// Replaces the script; requests that come from now on follow the new one.
    package func setScript(_ script: @escaping Script) {
        self.script.withLock { $0 = script }
    }

    // MARK: Sessions and records

    /// What was received so far, with idle sessions expired as of now.
    package var record: BackendRecord {
        ledger.update { ledger in
            ledger.expireIdle(at: now())
            return ledger.record
        }
    }

    /// Returns once the record satisfies the condition, which is looked at after each request and each answer; throws
    /// `CancellationError` when the task is canceled.
    package func wait(until condition: @escaping @Sendable (BackendRecord) -> Bool) async throws {
        try await ledger.wait { condition($0.record) }
    }

    /// Opens a session as if a client had initialized it, and returns its id.
    package func openSession() -> String {
        var random = SystemRandomNumberGenerator()
        let id = [UInt64.random(in: .min ... .max, using: &random), UInt64.random(in: .min ... .max, using: &random)]
            .map { String($0 | 1 << 63, radix: 16) }
            .joined()
        ledger.update { $0.open(id, at: now()) }
        return id
    }

    /// Lets a session expire now.
    package func expire(_ id: String) {
        ledger.update { $0.close(id, as: .expired) }
    }

    func close(_ id: String) {
        ledger.update { $0.close(id, as: .deleted) }
    }

    // MARK: Requests

    private func respond(to incoming: Request) async throws -> Response {
        guard incoming.uri.path == "/mcp" else {
            return Response(status: .notFound, body: ResponseBody(byteBuffer: ByteBuffer(string: "Not Found")))
        }
        var incoming = incoming
        let body = try await incoming.collectBody(upTo: 1 << 20)
        var request = ScriptedRequest(
            httpMethod: incoming.method.rawValue,
            headers: Dictionary(incoming.headers.map { ($0.name.canonicalName, $0.value) }) { first, _ in first },
            body: Array(body.readableBytesView)
        )
        let (admission, count, sessionCount) = ledger.update {
            $0.begin(method: request.method, on: request.sessionID, at: now())
        }
        (request.count, request.sessionCount) = (count, sessionCount)
        do {
            let answer = try await settle(script.withLock { $0 }(request), incoming)
            return response(for: render(answer, to: request, admission: admission), on: request.sessionID)
        } catch {
            ledger.update { $0.end(on: request.sessionID, at: now()) }
            throw error
        }
    }

    /// Lets the time pass that an answer takes.
    private func settle(_ answer: ScriptedAnswer, _ incoming: Request) async throws -> ScriptedAnswer {
        switch answer {
        case .delay(let duration, let then):
            try await Task.sleep(for: duration)
            return try await settle(then, incoming)
        case .hang:
            // Ends by cancellation: when the client closes its connection, or the server stops.
            return try await incoming.body.consumeWithCancellationOnInboundClose { _ in
                while true { try await Task.sleep(for: .seconds(3600)) }
            }
        default:
            return answer
        }
    }

    private func response(for answer: WireAnswer, on sessionID: String?) -> Response {
        var headers = HTTPFields()
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        if let contentType = answer.contentType { headers[.contentType] = contentType }
        if let seconds = advertisedSeconds, let name = HTTPField.Name("mcp-session-idle-ttl") {
            headers[name] = String(seconds)
        }
        let body = ResponseBody(contentLength: answer.body.count) { writer in
            // A request ends when its answer has been written; the idle time counts from there.
            defer { self.ledger.update { $0.end(on: sessionID, at: self.now()) } }
            if !answer.body.isEmpty { try await writer.write(ByteBuffer(bytes: answer.body)) }
            try await writer.finish(nil)
        }
        return Response(status: .init(code: answer.status), headers: headers, body: body)
    }
}
