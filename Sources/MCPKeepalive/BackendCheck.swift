// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import KeepaliveEngine
import MCPWire
import Transfer

/// Opens a session on a backend, calls it as the agent would, closes it, and says what was found.
struct BackendCheck {
    private let backend: BackendConfiguration

    init(_ backend: BackendConfiguration) {
        self.backend = backend
    }

    func run() async -> CheckReport.Finding {
        if backend.policy.method == .none { return .init(.off, "keepalive_method is none: not contacted") }
        do throws(BackendProblem) {
            let examiner = try BackendExaminer(backend)
            examiner.start()
            let finding = await examine(with: examiner)
            let isClosed = await examiner.stop()
            guard finding.mark == .passed, !isClosed else { return finding }
            return .init(.failed, finding.text + ", but the session could not be closed again")
        } catch {
            return .init(.failed, error.error.description)
        }
    }

    private func examine(with examiner: BackendExaminer) async -> CheckReport.Finding {
        let opening = await examiner.open()
        switch opening.result {
        case .failed:
            return .init(
                .failed,
                "initialize: \(opening.exchange.problem)" + Self.advice(opening.exchange.outcome.reason)
            )
        case .modern:
            return .init(.off, "speaks only MCP 2026-07-28, which has neither ping nor sessions: nothing to keep alive")
        case .stateless:
            return .init(.off, Self.opening(opening) + ", issues no session id (stateless): nothing to keep alive")
        case .opened(let identifier, _):
            let issued = identifier.isEmpty ? "no session id, as configured" : "session id issued"
            return await examineCalls(with: examiner, facts: [Self.opening(opening), issued])
        }
    }

    private func examineCalls(with examiner: BackendExaminer, facts: [String]) async -> CheckReport.Finding {
        var facts = facts
        var isPassed = true
        if case .ping = backend.policy.method {
            let ping = await examiner.call(.ping)
            facts.append(ping.isSuccess ? "ping \(ping.duration.text)" : "ping failed: \(ping.problem)")
            isPassed = ping.isSuccess || backend.tool != nil
        }
        if let tool = backend.tool?.name {
            let (exchange, found) = await examiner.lookUpTool(tool)
            switch (exchange.isSuccess, found) {
            case (false, _):
                facts.append("tools/list failed: \(exchange.problem)")
                // With ping the tool is only a fallback.
                if case .tool = backend.policy.method { isPassed = false }
            case (true, nil):
                facts.append("there is no tool \(tool)")
                isPassed = false
            case (true, let found?) where found.readOnlyHint == true:
                facts.append("tool \(tool) exists and is read-only")
            case (true, _): facts.append("tool \(tool) exists but is not marked read-only")
            }
        }
        return .init(isPassed ? .passed : .failed, facts.joined(separator: ", "))
    }

    /// `initialize 41ms, protocol 2025-11-25`
    private static func opening(_ opening: SessionOpening) -> String {
        let version = opening.answer?.protocolVersion.told ?? "unknown"
        return "initialize \(opening.exchange.duration.text), protocol \(version)"
    }

    /// What to do about a failure, where that is not in its own words.
    static func advice(_ reason: FailureReason?) -> String {
        switch reason {
        case .unauthorized, .forbidden: "; check the backend's headers"
        case .redirect: "; redirects are not followed: configure the final URL"
        case .http4xx, .sessionExpired, .protocol, .noResponse:
            "; check that the url is the server's Streamable HTTP endpoint"
        default: ""
        }
    }
}
