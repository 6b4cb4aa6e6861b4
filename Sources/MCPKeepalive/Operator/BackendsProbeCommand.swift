// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlAPI
import Foundation
import OperatorConsole

struct BackendsProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Calls a backend now, on one of its sessions; a success enables a disabled one.",
        discussion: """
            Exit codes: 0 it answered as it should, 1 it did not, or it has no session to call. Waits up to a minute \
            unless --timeout says otherwise.
            """
    )

    @Argument(help: "The name of the backend.")
    var backend: String

    @OptionGroup var agent: AgentOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
        let output = OperatorOutput(form: format.output)
        let report = await output.attempt { () async throws(ControlFailure) in
            // The backend has its own time to answer, which may be more than the agent's.
            try await agent.client(reads: false, patience: .seconds(60)).answer(to: .probe(backend: backend))
        }
        let text = ActionText.probed(report.value, now: Date())
        output.say(report.json, or: [output.palette.paint(text.text, text.tone)])
        if report.value.succeeded != true { MCPKeepalive.exit(with: .someFailed) }
    }
}
