// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "Lists the sessions that the running agent keeps alive, shows one, or releases one.",
        subcommands: [SessionsListCommand.self, SessionsShowCommand.self, SessionsReleaseCommand.self],
        defaultSubcommand: SessionsListCommand.self
    )
}
