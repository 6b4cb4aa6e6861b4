// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ArgumentParser
import ControlAPI
import Foundation
import OperatorConsole

struct TailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Shows keepalives and changes of state as they happen, a line each, until Ctrl-C.",
        discussion: """
            Times are UTC. When the agent goes away, it is waited for; changes of state that happened meanwhile are shown \
            where the agent still knows them, keepalives are not.
            """
    )

    @Option(help: ArgumentHelp("Only what happens on this backend.", valueName: "name"))
    var backend: String?

    @OptionGroup var agent: AgentOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
        let output = OperatorOutput(form: format.output)
        let client = await output.attempt { () async throws(ControlFailure) in try agent.client(reads: true) }
        let list = await output.attempt { () async throws(ControlFailure) in try await client.answer(to: .backends) }
        let names = list.value.backends.map(\.name)
        if let backend, !names.contains(backend) { output.fail(Self.unknown(backend, names)) }
        await EventTail(
            client: client,
            output: output,
            backend: backend,
            backends: backend.map { [$0] } ?? names
        ).run()
    }

    private static func unknown(_ backend: String, _ names: [String]) -> ControlFailure {
        let likely = Suggestion.closest(to: backend, among: names).map { "; did you mean '\($0)'?" } ?? ""
        return ControlFailure(
            .mistaken,
            code: ProblemCode.noSuchBackend.rawValue,
            "the agent has no backend '\(backend.printable)'\(likely)",
            help: names.isEmpty ? nil : "the backends are \(names.joined(separator: ", ").printable)"
        )
    }
}
