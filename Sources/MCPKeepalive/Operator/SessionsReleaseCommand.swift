// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OperatorConsole

struct SessionsReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Stops keeping a session alive that was registered through the local API.",
        discussion: "Nothing is sent to the backend, and its owner may register the session again."
    )

    @Argument(help: "The name of its backend.")
    var backend: String

    @Argument(help: "The key that it was registered with.")
    var key: String

    @OptionGroup var agent: AgentOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
        let output = OperatorOutput(form: format.output)
        let answer = await output.attempt { () async throws(ControlFailure) in
            try await agent.client(reads: false).answer(to: .release(backend: backend, key: key))
        }
        let release = SessionRelease(backend: backend, key: key, isDurable: answer.value.durable ?? true)
        output.say(release.json, or: [release.text])
        if let warning = release.warning, !output.isJSON { Terminal.talk("warning: \(warning)") }
    }
}
