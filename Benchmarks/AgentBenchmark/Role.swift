// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What one process does.
enum Role: String, CaseIterable {
    /// Answers all others, until its standard input ends.
    case serve
    /// Tells the request that all clients send.
    case request
    /// Keeps alive as fast as it can.
    case agent
    /// The same by the HTTP client alone.
    case transfer
    /// Holds sessions on which nothing happens.
    case idle
    /// Keeps very many sessions alive at their interval.
    case soak
    /// Runs the rules alone, in virtual time.
    case engine
    /// Takes sessions over from a sessions file.
    case startUp = "start-up"
    /// Opens one TLS connection after the other.
    case handshakes

    func play(_ options: LoadOptions) async throws -> any Encodable {
        switch self {
        case .serve:
            var peer = try Peer(options)
            print(peer.url)
            fflush(nil)
            return try peer.serve()
        case .request: return ConstantRequest.Description()
        case .agent: return try await AgentLoad.measure(options)
        case .transfer: return try await TransferLoad.measure(options)
        case .idle: return try await IdleSessions.measure(options)
        case .soak: return try await SoakLoad.measure(options)
        case .engine: return EngineLoad.measure(options)
        case .startUp: return try await StartUpLoad.measure(options)
        case .handshakes: return try await HandshakeLoad.measure(options)
        }
    }
}
