// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ArgumentParser
import Foundation
import KeepaliveAgent
import KeepaliveEngine
import MCPWire

struct PingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ping",
        abstract: "Opens a session and sends keepalives on it as the agent would, one line each.",
        discussion: """
            Exit codes: 0 all succeeded, 1 some or all failed on an open session; where no session could be opened: \
            69 unreachable or 5xx, 76 not MCP, 77 credential refused.
            """
    )

    @Argument(
        help: ArgumentHelp("A backend of the configuration, or the URL of an MCP server.", valueName: "backend|url")
    )
    var target: String

    @OptionGroup var file: ConfigurationOptions

    @Option(name: [.customShort("n"), .customLong("count")], help: "How many keepalives to send.")
    var count = 4

    @Option(help: "The time from one to the next, with its unit, such as 500ms or 2s.")
    var interval: DurationArgument = DurationArgument(duration: .seconds(1))

    @Option(help: ArgumentHelp("Call this tool, without arguments, instead of ping.", valueName: "name"))
    var tool: String?

    @Flag(name: [.short, .long], help: "Also say what the server said of itself.")
    var verbose = false

    func validate() throws {
        if count < 1 { throw ValidationError("-n must be at least 1") }
    }

    func run() async throws {
        let backend = backend()
        let examiner: BackendExaminer
        do throws(BackendProblem) {
            examiner = try BackendExaminer(backend)
        } catch {
            Terminal.talk("error: \(error)")
            MCPKeepalive.exit(with: .configuration)
        }
        examiner.start()
        let opening = await examiner.open()
        let session = await describe(opening, on: examiner, backend)
        let durations = await ping(backend, examiner, session: session)
        if await !examiner.stop() { Terminal.talk("warning: \(backend.name) did not take the DELETE of the session") }
        let failed = count - durations.count
        Terminal.say("\(count) sent, \(durations.count) ok, \(failed) failed" + Self.statistics(durations))
        if failed > 0 { MCPKeepalive.exit(with: .someFailed) }
    }

    /// Sends the keepalives and says what came of each; returns how long the successful ones took.
    private func ping(_ backend: BackendConfiguration, _ examiner: BackendExaminer, session: String) async -> [Duration]
    {
        let method: CallMethod = if case .ping = backend.policy.method { .ping } else { .tool }
        let words = method == .ping ? "ping" : backend.tool?.name ?? "tool"
        var durations: [Duration] = []
        for number in 1...count {
            let exchange = await examiner.call(method)
            if exchange.isSuccess {
                durations.append(exchange.duration)
                Terminal.say(
                    "pong from \(backend.name) via \(words) in \(exchange.duration.text)  "
                        + "(\(session), http \(exchange.status))"
                )
            } else {
                Terminal.say(
                    "no pong from \(backend.name) via \(words) after \(exchange.duration.text): \(exchange.problem)"
                )
            }
            if number < count { try? await Task.sleep(for: interval.duration) }
        }
        return durations
    }

    /// Says what was opened; ends the process when nothing was.
    private func describe(
        _ opening: SessionOpening,
        on examiner: BackendExaminer,
        _ backend: BackendConfiguration
    ) async -> String {
        if verbose, let answer = opening.answer {
            Terminal.talk(
                "\(backend.name) is \(answer.serverName) \(answer.serverVersion), protocol "
                    + "\(answer.protocolVersion.told ?? "unknown"), initialize in \(opening.exchange.duration.text)"
            )
        }
        switch opening.result {
        case .opened:
            return await examiner.sessionName.map { "session \($0.prefix(4))…" } ?? "no session id"
        case .stateless:
            Terminal.talk("\(backend.name) issues no session id: there is nothing that a keepalive could keep")
            return "stateless"
        case .modern:
            Terminal.talk("error: \(backend.name) speaks only MCP 2026-07-28, which has neither ping nor sessions")
            MCPKeepalive.exit(with: .protocolError)
        case .failed(let outcome):
            let advice = BackendCheck.advice(outcome.reason)
            Terminal.talk("error: no session on \(backend.name): \(opening.exchange.problem)\(advice)")
            MCPKeepalive.exit(with: Self.status(of: outcome))
        }
    }

    /// The exit code for a session that could not be opened.
    private static func status(of outcome: Outcome) -> ExitStatus {
        switch outcome.reason {
        case .unauthorized, .forbidden: .noPermission
        case .http4xx, .protocol, .noResponse, .methodNotFound, .rpcError, .sessionExpired, .redirect, .bodyTooLarge,
            .toolError:
            .protocolError
        default: .unavailable
        }
    }

    /// What was typed, without what may be a credential: a user name and password, or a query.
    private var shownTarget: String {
        let path = target.prefix { $0 != "?" }
        let query = path.count < target.count ? "?••••" : ""
        guard let end = path.lastIndex(of: "@") else { return path + query }
        return "••••\(path[end...])\(query)"
    }

    /// The backend that was meant: by its URL, or by its name in the configuration.
    private func backend() -> BackendConfiguration {
        var backend: BackendConfiguration
        if target.contains("://") {
            if let problem = URLRules.problem(of: target) {
                Terminal.talk(
                    "error: \(shownTarget): \(problem.message)" + (problem.help.map { "\n  = help: \($0)" } ?? "")
                )
                MCPKeepalive.exit(with: .usage)
            }
            backend = BackendConfiguration(name: target, url: target)
            backend.name = backend.shownURL
        } else if target.contains("/") {
            Terminal.talk("error: \(shownTarget) is neither a URL nor the name of a backend")
            Terminal.talk("  = help: a URL has a scheme: http://\(shownTarget)")
            MCPKeepalive.exit(with: .usage)
        } else {
            let configuration = file.load { _ in }
            guard let found = configuration.backends.first(where: { $0.name == target }) else {
                let names = configuration.backends.map(\.name)
                let likely = Suggestion.closest(to: target, among: names).map { "; did you mean '\($0)'?" } ?? ""
                Terminal.talk("error: \(configuration.file) has no backend '\(target)'\(likely)")
                Terminal.talk("  = help: the backends are \(names.joined(separator: ", ")); a URL works, too")
                MCPKeepalive.exit(with: .usage)
            }
            backend = found
        }
        if let tool {
            backend.tool = ToolCall(name: tool)
            backend.policy.method = .tool
        } else if backend.policy.method == .none {
            backend.policy.method = .ping(hasFallback: false)
        }
        return backend
    }

    /// `; min/avg/max 2.1/2.1/2.1 ms`
    private static func statistics(_ durations: [Duration]) -> String {
        guard let least = durations.min(), let most = durations.max() else { return "" }
        let average = durations.reduce(Duration.zero, +) / durations.count
        let numbers = [least, average, most].map { duration in
            let tenths = (duration.fractionalSeconds * 10_000).rounded() / 10
            return "\(tenths)"
        }
        return "; min/avg/max \(numbers.joined(separator: "/")) ms"
    }
}
