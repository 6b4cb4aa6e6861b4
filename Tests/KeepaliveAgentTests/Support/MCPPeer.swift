// SPDX-License-Identifier: Apache-2.0

import KeepaliveTesting
import Synchronization

/// An MCP server that behaves, except where its script says something else.
///
/// It names its sessions `session-1`, `session-2` and so on, and does not check whether a request names one of them.
final class MCPPeer: Sendable {
    private let peer: TCPPeer

    /// - Parameter script: asked for what to do after each request; nil: what a server does.
    init(_ script: @escaping @Sendable (MCPPeerRequest) -> [TCPPeerStep]? = { _ in nil }) throws {
        let sessions = SessionCount()
        peer = try TCPPeer { http in
            let request = MCPPeerRequest(http)
            return script(request) ?? Self.answer(to: request, sessions)
        }
    }

    private final class SessionCount: Sendable {
        let value = Atomic<Int>(0)
    }

    var url: String { peer.url() }
    var requests: [MCPPeerRequest] { peer.requests.map(MCPPeerRequest.init) }
    var requestCount: Int { peer.requestCount }

    /// The methods of all requests, in order.
    var methods: [String] { requests.map(\.method) }

    func requests(of method: String) -> [MCPPeerRequest] { requests.filter { $0.method == method } }

    /// Waits until at least this many requests have been read.
    func waitForRequests(_ count: Int) async { await peer.waitForRequests(count) }

    /// Waits until the agent has closed at least this many connections.
    func waitForDisconnections(_ count: Int) async { await peer.waitForDisconnections(count) }

    func stop() async { await peer.stop() }

    /// What `initialize` is answered with.
    static func initialized(
        _ request: MCPPeerRequest,
        session: String?,
        version: String = "2025-11-25"
    ) -> TCPPeerStep {
        let result = #"{"protocolVersion":"\#(version)","capabilities":{},"serverInfo":{"name":"s","version":"1"}}"#
        var headers = [(name: "Content-Type", value: "application/json")]
        if let session { headers.append((name: "Mcp-Session-Id", value: session)) }
        return .respond(headers: headers, body: Array(request.result(result).utf8))
    }

    private static func answer(to request: MCPPeerRequest, _ sessions: SessionCount) -> [TCPPeerStep] {
        switch request.method {
        case "initialize":
            let number = sessions.value.wrappingAdd(1, ordering: .relaxed).newValue
            return [initialized(request, session: "session-\(number)")]
        case "notifications/initialized": return [.respond(status: 202)]
        case "ping": return [.respond(json: request.result())]
        case "tools/call": return [.respond(json: request.result(#"{"content":[]}"#))]
        case "tools/list":
            let tools = #"{"tools":[{"name":"peek","annotations":{"readOnlyHint":true}}]}"#
            return [.respond(json: request.result(tools))]
        case "DELETE": return [.respond()]
        default: return [.respond(status: 405)]
        }
    }
}
