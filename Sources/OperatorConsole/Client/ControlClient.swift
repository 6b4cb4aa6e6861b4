// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import Glibc
import Transfer

/// Talks to the local API of one agent.
package actor ControlClient {
    /// How long one request may take, in all.
    package nonisolated let deadline: Duration

    private let executor: PollExecutor
    let pool: TransferPool
    private let lookup: AgentLookup
    private let headers: [HeaderField]
    /// The address that answered.
    private var settled: AgentAddress?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - token: for a listener that wants one; never sent to a socket.
    ///   - deadline: how long one request may take, in all.
    package init(_ lookup: AgentLookup, token: String? = nil, deadline: Duration = .seconds(10)) {
        self.lookup = lookup
        self.deadline = deadline
        headers = token.map { [HeaderField(name: "Authorization", value: "Bearer \($0)")] } ?? []
        executor = PollExecutor(name: "control-client")
        pool = TransferPool(executor: executor, maxIdleConnections: 4)
    }

    /// Starts the thread; to be called once, before anything is awaited.
    package nonisolated func start() {
        executor.start { [weak self] in
            self?.assumeIsolated { client in
                client.pool.takeFinished { _, _ in }
                return nil
            }
        }
    }

    /// Ends the thread; nothing can be done afterwards.
    package nonisolated func stop() {
        executor.stop()
    }

    /// Makes a request at the first address where somebody answers.
    ///
    /// - Parameter limit: how long it may take; the client's deadline by default.
    package func answer<Answer: Decodable & Sendable>(
        to request: ControlRequest<Answer>,
        within limit: Duration? = nil
    ) async throws(ControlFailure) -> ControlAnswer<Answer> {
        let limit = limit ?? deadline
        let (response, address) = try await firstAnswer(within: limit, hasNext: request.method == .get) {
            address throws(TransferError) in
            let head = RequestHead(method: request.method, timeout: limit, bodyLimit: 64 << 20)
            return try await self.send(Self.request(head, request), target: request.target, to: address, within: limit)
        }
        try Self.check(response, from: address)
        settled = address
        return try Self.read(response, from: address)
    }

    // MARK: Addresses

    /// Asks one address after the other until somebody has something to say.
    ///
    /// Only where nothing was sent is the next one asked, and where this user is refused who only wants to read.
    private func firstAnswer(
        within limit: Duration,
        hasNext reads: Bool,
        _ send: (AgentAddress) async throws(TransferError) -> Response
    ) async throws(ControlFailure) -> (Response, AgentAddress) {
        var refusal: ControlFailure?
        for address in settled.map({ [$0] }) ?? lookup.addresses {
            do throws(TransferError) {
                let response = try await send(address)
                guard reads, let problem = Self.problem(response), problem.code == .peerNotAllowed else {
                    return (response, address)
                }
                refusal = ControlFailure(problem, from: address)
            } catch {
                let failure = failure(error, at: address, within: limit)
                switch failure.kind {
                case .notRunning: continue
                case .notPermitted: refusal = refusal ?? failure
                default: throw failure
                }
            }
        }
        throw refusal ?? .notRunning(lookup)
    }

    func send(
        _ request: Request,
        target: String,
        to address: AgentAddress,
        within limit: Duration
    ) async throws(TransferError) -> Response {
        let options = EndpointOptions(
            url: address.url(target),
            unixSocketPath: address.socketPath,
            userAgent: "mcp-keepalive-console",
            headers: address.socketPath == nil ? headers : [],
            connectTimeout: limit,
            maxConnections: 1
        )
        let endpoint = try pool.endpoint(options)
        defer { pool.close(endpoint) }
        return try await pool.send(request, on: endpoint)
    }

    /// The address that answered before, or the only one that there is.
    var address: AgentAddress? { settled ?? (lookup.addresses.count == 1 ? lookup.addresses[0] : nil) }

    /// What a transfer that failed means.
    func failure(_ error: TransferError, at address: AgentAddress, within limit: Duration) -> ControlFailure {
        switch error.osError {
        case EACCES, EPERM: return .notPermitted(address)
        case ENOENT, ECONNREFUSED, ENOTDIR: return .notRunning(lookup)
        default: break
        }
        // CURLE_OPERATION_TIMEDOUT, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT.
        switch error.curlCode {
        case 28: return .timedOut(address, limit)
        case 6, 7:
            return ControlFailure(.notRunning, code: "agent_unreachable", "\(address): \(error.message)")
        default:
            return ControlFailure(.unavailable, code: "agent_unreachable", "\(address): \(error.message)")
        }
    }

    // MARK: Answers

    private static func request<Answer: Decodable & Sendable>(_ head: RequestHead, _ request: ControlRequest<Answer>)
        -> Request
    {
        let headers = request.body.isEmpty ? [] : [HeaderField(name: "Content-Type", value: "application/json")]
        return Request(head: head, headers: headers, body: request.body)
    }

    /// What the agent says is wrong; nil when the answer is no problem.
    private static func problem(_ response: Response) -> ControlProblem? {
        guard response.status >= 400 else { return nil }
        return try? ControlJSON.decode(ControlProblem.self, from: Data(response.body))
    }

    /// Throws unless the request succeeded.
    static func check(_ response: Response, from address: AgentAddress) throws(ControlFailure) {
        if (200..<300).contains(response.status) { return }
        if let problem = problem(response) { throw ControlFailure(problem, from: address) }
        throw .notTheAgent(address, "it says HTTP \(response.status)")
    }

    private static func read<Answer: Decodable & Sendable>(
        _ response: Response,
        from address: AgentAddress
    ) throws(ControlFailure) -> ControlAnswer<Answer> {
        let body = response.body.isEmpty ? Array("{}".utf8) : response.body
        do {
            let value = try ControlJSON.decode(Answer.self, from: Data(body))
            return ControlAnswer(value: value, json: String(decoding: body, as: UTF8.self))
        } catch {
            throw .notTheAgent(address, "its answer cannot be read")
        }
    }
}
