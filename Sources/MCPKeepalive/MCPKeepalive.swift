// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import KeepaliveAgent

@main
struct MCPKeepalive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp-keepalive",
        abstract: "Keeps the sessions of stateful MCP servers alive, and reports every keepalive over OTLP.",
        discussion: """
            First time here? 'mcp-keepalive demo' needs no configuration and no network.

            Exit codes: 0 ok, 1 some calls failed, 64 usage, 66 no such file, 69 unreachable or not running, 76 not MCP, \
            77 credential refused or not permitted, 78 configuration.
            """,
        version: AgentVersion.current,
        subcommands: [
            RunCommand.self, CheckCommand.self, ExplainCommand.self, ConfigCommand.self, PingCommand.self,
            StatusCommand.self, TopCommand.self, TailCommand.self, SessionsCommand.self, BackendsCommand.self,
            ReloadCommand.self, TelemetryCommand.self, DemoCommand.self, CompletionCommand.self,
            VersionCommand.self,
        ]
    )

    static func main() async {
        // A reader that goes away, as `head` does, must not end the agent before it has cleaned up.
        _ = signal(SIGPIPE, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        let wantsJSON = zip(arguments, arguments.dropFirst() + [""]).contains { option, value in
            option == "--output=json" || option == "--output" && value == "json"
        }
        if let mistake = VerbSuggestion(arguments: arguments, verbs: verbs, below: verbsBelow) {
            CommandFailure("usage", mistake.message, help: mistake.help, status: .usage).end(
                as: wantsJSON ? .json : .text
            )
        }
        do {
            var command = try parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            // Help and the version are no failures, and a verb that failed has told so itself.
            guard wantsJSON, exitCode(for: error) == .validationFailure else { exit(withError: error) }
            CommandFailure("usage", message(for: error), status: .usage).end(as: .json)
        }
    }

    /// The names of the verbs, in the order of the help text.
    static let verbs = names(configuration.subcommands) + ["help"]

    /// The names of the verbs below those that have any.
    static let verbsBelow = Dictionary(
        uniqueKeysWithValues: configuration.subcommands.compactMap { command in
            let (name, verbs) = (command.configuration.commandName, names(command.configuration.subcommands))
            return verbs.isEmpty ? nil : name.map { ($0, verbs) }
        }
    )

    private static func names(_ commands: [any ParsableCommand.Type]) -> [String] {
        commands.compactMap { $0.configuration.commandName }
    }

    /// Ends the process with `status`.
    static func exit(with status: ExitStatus) -> Never {
        exit(withError: ExitCode(status.rawValue))
    }
}
