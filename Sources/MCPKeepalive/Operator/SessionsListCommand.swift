// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlAPI
import Foundation
import OperatorConsole

struct SessionsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the sessions; their ids are never shown."
    )

    @Option(help: ArgumentHelp("Only those of this backend.", valueName: "name"))
    var backend: String?

    @OptionGroup var agent: AgentOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
        let output = OperatorOutput(form: format.output)
        let sessions = await output.attempt { () async throws(ControlFailure) in
            try await agent.client(reads: true).allSessions(backend: backend)
        }
        output.say(
            sessions.json,
            or: SessionTable.lines(sessions.value.sessions, now: Date(), width: output.width, output.palette)
        )
    }
}
