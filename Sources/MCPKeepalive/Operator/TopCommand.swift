// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OperatorConsole

struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Shows the running agent's backends, what needs somebody first, and lets keys act on them.",
        discussion: """
            Keys: q quits, arrows or j and k select, s changes the order, p probes, e enables, d disables, ? helps. Where \
            stdin or stdout is no terminal, the table is printed once per interval.
            """
    )

    @Option(help: ArgumentHelp("The time from one look at the agent to the next.", valueName: "duration"))
    var interval: DurationArgument = DurationArgument(duration: .seconds(2))

    @Option(name: [.customShort("n"), .customLong("count")], help: "Print the table so many times, and end.")
    var count: Int?

    @OptionGroup var agent: AgentOptions
    @OptionGroup var format: OutputOptions

    func validate() throws {
        if let count, count < 1 { throw ValidationError("-n must be at least 1") }
        try interval.validate(as: "--interval")
    }

    func run() async throws {
        let output = OperatorOutput(form: format.output)
        let isInteractive =
            count == nil && !format.isJSON
            && [FileHandle.standardInput, .standardOutput].allSatisfy { Terminal.isTerminal($0.fileDescriptor) }
        // The keys change things, for which the read-only listener will not do; without them it will.
        let client = await output.attempt { () async throws(ControlFailure) in try agent.client(reads: true) }
        if isInteractive {
            await TopSession(client: client, output: output, interval: interval.duration).run()
        } else {
            await print(client, output)
        }
    }

    /// A table per interval, until there were enough or nobody reads any more.
    private func print(_ client: ControlClient, _ output: OperatorOutput) async {
        var screen = TopScreen()
        var left = count ?? .max
        while true {
            let status = await output.attempt { () async throws(ControlFailure) in
                try await client.answer(to: .status)
            }
            screen.show(status.value)
            let lines = screen.plainLines(output.palette)
            left -= 1
            let text = output.isJSON ? status.json : lines.joined(separator: "\n") + (left > 0 ? "\n" : "")
            guard Terminal.say(text), left > 0 else { return }
            do { try await Task.sleep(for: interval.duration) } catch { return }
        }
    }
}
