// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ArgumentParser

struct ConfigInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Prints a commented configuration with every key that there is.",
        discussion: """
            It writes no file: mcp-keepalive config init > mcp-keepalive.yaml. The sample can be used as it is; set the \
            url of the backend first.
            """
    )

    func run() {
        Terminal.say(SampleConfiguration.text)
    }
}
