// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OperatorConsole

struct SessionsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows one session that was registered through the local API."
    )

    @Argument(help: "The name of its backend.")
    var backend: String

    @Argument(help: "The key that it was registered with.")
    var key: String

    @OptionGroup var agent: AgentOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
        let output = OperatorOutput(form: format.output)
        let session = await output.attempt { () async throws(ControlFailure) in
            try await agent.client(reads: true).answer(to: .session(backend: backend, key: key))
        }
        output.say(session.json, or: SessionText.lines(session.value, now: Date(), output.palette))
    }
}
