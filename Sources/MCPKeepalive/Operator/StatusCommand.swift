// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlAPI
import OperatorConsole

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows how the running agent and its backends are doing.",
        discussion: """
            Exit codes: 0 all is well, 1 a backend's keepalive is disabled, by its breaker or by hand, 69 no agent is \
            running, 77 not permitted.
            """
    )

    @Flag(help: "Show it again and again, until Ctrl-C.")
    var watch = false

    @Option(help: ArgumentHelp("With --watch: the time from one to the next.", valueName: "duration"))
    var interval: DurationArgument = DurationArgument(duration: .seconds(2))

    @Flag(help: "Exit with 0 although a backend is disabled.")
    var exitZero = false

    @OptionGroup var agent: AgentOptions
    @OptionGroup var format: OutputOptions

    func validate() throws {
        try interval.validate(as: "--interval")
    }

    func run() async throws {
        let output = OperatorOutput(form: format.output)
        let client = await output.attempt { () async throws(ControlFailure) in try agent.client(reads: true) }
        if watch {
            await StatusWatch(client: client, output: output, interval: interval.duration).run()
            return
        }
        let status = await output.attempt { () async throws(ControlFailure) in try await client.answer(to: .status) }
        output.say(status.json, or: StatusText.lines(status.value, width: output.width, output.palette))
        if !exitZero, status.value.backends.contains(where: \.isDisabled) { MCPKeepalive.exit(with: .someFailed) }
    }
}
