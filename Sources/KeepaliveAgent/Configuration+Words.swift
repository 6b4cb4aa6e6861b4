// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration
import KeepaliveEngine

extension Configuration {
    /// The backends on which keepalive is on and nothing is ever to be kept alive: no sessions come from anywhere that the file
    /// names.
    package var idleBackends: [String] {
        guard sessionsFile == nil, api.socket == nil, api.writable == nil else { return [] }
        return backends.filter { $0.policy.method != .none && $0.ownSessions == 0 }.map(\.name)
    }

    /// What is said of a backend of `idleBackends`.
    package static func idleWarning(_ backend: String) -> String {
        "\(backend): nothing to keep alive: set own_sessions, list sessions in a sessions_file, or register them (api.socket)"
    }

    /// How many backends have keepalive on and sessions that can come.
    package var keptCount: Int {
        backends.filter { $0.policy.method != .none }.count - idleBackends.count
    }

    /// What the agent does by this configuration, in words.
    package var summary: String {
        let backends = backends.map { backend in
            let how =
                switch backend.policy.method {
                case .none: "off"
                case .ping: "ping every \(Cadence(policy: backend.policy).interval.text)"
                case .tool: "\(backend.tool?.name ?? "tool") every \(Cadence(policy: backend.policy).interval.text)"
                }
            return "\(backend.name) (\(how))"
        }
        let list = backends.isEmpty ? "no backends" : backends.joined(separator: ", ")
        return "mcp-keepalive \(AgentVersion.current) keeps \(list)"
    }
}
