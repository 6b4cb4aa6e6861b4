// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlAPI
import Foundation
import OperatorConsole

struct BackendsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the backends and how their keepalive is doing."
    )

    @OptionGroup var agent: AgentOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
        let output = OperatorOutput(form: format.output)
        let list = await output.attempt { () async throws(ControlFailure) in
            try await agent.client(reads: true).answer(to: .backends)
        }
        output.say(
            list.json,
            or: BackendTable.lines(list.value.backends, now: Date(), width: output.width, output.palette)
        )
    }
}
