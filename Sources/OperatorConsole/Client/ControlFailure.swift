// SPDX-License-Identifier: Apache-2.0

import ControlAPI

/// Why a request to the local API came to nothing.
package struct ControlFailure: Error, Sendable, Hashable {
    /// What the failure means for whoever asked; each has an exit code.
    package enum Kind: Sendable, Hashable {
        /// Nobody listens where an agent is looked for.
        case notRunning
        /// Somebody listens and does not answer, or is stopping.
        case unavailable
        /// The operating system or the agent refuses this user.
        case notPermitted
        /// What answers is not the agent.
        case notTheAgent
        /// The request names something that is not there or cannot be.
        case mistaken
        /// A file that was named cannot be read.
        case noSuchFile
        /// The request is fine, but cannot be done as things are.
        case refused
        /// The configuration file has errors.
        case configuration
    }

    package var kind: Kind
    /// A word for programs: the problem's code, or one of `agent_unreachable`, `agent_timeout`, `permission_denied` and
    /// `not_the_agent`.
    package var code: String
    /// What is wrong, on one line.
    package var message: String
    /// What to do about it.
    package var help: String?

    package init(_ kind: Kind, code: String, _ message: String, help: String? = nil) {
        self.kind = kind
        self.code = code
        self.message = message
        self.help = help
    }
}

extension ControlFailure {
    /// Whether the same request may succeed later although nobody does anything about it.
    package var mayPass: Bool { kind == .notRunning || kind == .unavailable }

    /// What the agent itself said.
    init(_ problem: ControlProblem, from address: AgentAddress) {
        self.init(Self.kind(of: problem.code), code: problem.code.rawValue, problem.detail.printable)
        switch problem.code {
        case .peerNotAllowed:
            message = "\(address): \(message)"
            help = Self.permissionHelp
        case .readOnly:
            help = "use the agent's socket: --api /run/mcp-keepalive/api.sock, or wherever api.socket says"
        case .unauthorized:
            help = "give the file with the listener's token: --token-file FILE"
        case .hostNotAllowed:
            help = "use localhost or an IP address"
        case .noSuchBackend:
            help = "'mcp-keepalive backends list' shows the backends"
        case .noSuchSession:
            help = "'mcp-keepalive sessions list' shows the sessions; only those with a key can be named"
        case .configurationInvalid:
            help = "the configuration from before is still in force; 'mcp-keepalive check' shows all that is wrong"
        default: break
        }
    }

    /// Nothing listens at any address.
    static func notRunning(_ lookup: AgentLookup) -> ControlFailure {
        let tried = (lookup.absent + lookup.addresses).map(\.description).joined(separator: ", ")
        let remark = lookup.remark.map { "; \($0)" } ?? ""
        let help =
            lookup.namedBy == nil
            ? "start it with 'mcp-keepalive run', or say where it is: --api ADDRESS or $\(AgentLookup.variable)"
            : "start the agent with 'mcp-keepalive run', or correct the address of \(lookup.namedBy ?? "")"
        return ControlFailure(
            .notRunning,
            code: "agent_unreachable",
            "no agent is running here; tried \(tried)\(remark)",
            help: help
        )
    }

    static func notPermitted(_ address: AgentAddress) -> ControlFailure {
        ControlFailure(.notPermitted, code: "permission_denied", "\(address): permission denied", help: permissionHelp)
    }

    static func silent(_ address: AgentAddress, _ limit: Duration) -> ControlFailure {
        ControlFailure(
            .unavailable,
            code: "agent_silent",
            "the agent at \(address) has said nothing for \(limit.short)",
            help: "see its log, and whether it is stuck: GET /livez"
        )
    }

    static func timedOut(_ address: AgentAddress, _ deadline: Duration) -> ControlFailure {
        ControlFailure(
            .unavailable,
            code: "agent_timeout",
            "the agent at \(address) did not answer within \(deadline.short)",
            help: "see its log, and whether it is stuck: GET /livez; --timeout waits longer"
        )
    }

    static func notTheAgent(_ address: AgentAddress, _ what: String) -> ControlFailure {
        ControlFailure(
            .notTheAgent,
            code: "not_the_agent",
            "what answers at \(address) is not this agent: \(what)",
            help: "check the address, and that the agent has the same version as this command"
        )
    }

    private static let permissionHelp =
        "join the socket's group (see ls -l) and log in again, have yourself listed in api.allowed_users, or use sudo"

    private static func kind(of code: ProblemCode) -> Kind {
        switch code {
        case .peerNotAllowed, .unauthorized, .readOnly: .notPermitted
        case .noSuchBackend, .invalidBody, .invalidParameter, .hostNotAllowed, .originNotAllowed: .mistaken
        case .noSuchSession, .sessionInUse, .backendOff, .tooManySessions: .refused
        case .configurationInvalid: .configuration
        case .requestTimeout, .internalError, .shuttingDown, .tooManyConnections: .unavailable
        // An agent of another version, or something else altogether.
        case .invalidRequest, .noSuchPath, .methodNotAllowed, .bodyTooLarge, .unsupportedMediaType, .headersTooLarge:
            .notTheAgent
        }
    }
}
