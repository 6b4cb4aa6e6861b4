// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OperatorConsole

struct BackendsEnableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Enables the keepalive of a backend that was disabled, by its breaker or by hand."
    )

    @Argument(help: "The name of the backend.")
    var backend: String

    @OptionGroup var agent: AgentOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
        let output = OperatorOutput(form: format.output)
        let view = await output.attempt { () async throws(ControlFailure) in
            try await agent.client(reads: false).answer(to: .enable(backend: backend))
        }
        let text = ActionText.enabled(view.value, now: Date())
        output.say(view.json, or: [output.palette.paint(text.text, text.tone)])
    }
}
