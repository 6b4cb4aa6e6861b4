// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlAPI
import OperatorConsole

struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Has the running agent read its configuration file again, and says what changed.",
        discussion: """
            Exit codes: 0 what the file says is in force, 78 the file has errors and the configuration from before \
            stays in force.
            """
    )

    @OptionGroup var agent: AgentOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
        let output = OperatorOutput(form: format.output)
        let report = await output.attempt { () async throws(ControlFailure) in
            try await agent.client(reads: false).answer(to: .reload)
        }
        output.say(report.json, or: ActionText.reloaded(report.value))
        guard !output.isJSON else { return }
        for warning in report.value.warnings { Terminal.talk("warning: \(warning.printable)") }
    }
}
