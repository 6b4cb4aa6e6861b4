// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OperatorConsole

struct BackendsDisableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Disables the keepalive of a backend, for a while or until it is enabled again.",
        discussion: "Nothing is sent on its sessions meanwhile, so that they may expire."
    )

    @Argument(help: "The name of the backend.")
    var backend: String

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("Enable it again after this time, such as 30m or 2h; at most 30d.", valueName: "duration")
    )
    var time: DurationArgument?

    @OptionGroup var agent: AgentOptions
    @OptionGroup var format: OutputOptions

    func validate() throws {
        guard let seconds else { return }
        if !(1...2_592_000).contains(seconds) { throw ValidationError("--for must be from 1s to 30d") }
    }

    func run() async throws {
        let output = OperatorOutput(form: format.output)
        let view = await output.attempt { () async throws(ControlFailure) in
            try await agent.client(reads: false).answer(to: .disable(backend: backend, seconds: seconds))
        }
        let text = ActionText.disabled(view.value, seconds: seconds)
        output.say(view.json, or: [output.palette.paint(text.text, text.tone)])
    }

    /// Whole seconds, for the API counts in them, rounded up.
    private var seconds: Int? {
        time.map { Int($0.duration.components.seconds) + ($0.duration.components.attoseconds > 0 ? 1 : 0) }
    }
}
