// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct BackendsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backends",
        abstract: "Lists the running agent's backends; calls, enables or disables one by hand.",
        subcommands: [
            BackendsListCommand.self, BackendsProbeCommand.self, BackendsEnableCommand.self,
            BackendsDisableCommand.self,
        ],
        defaultSubcommand: BackendsListCommand.self
    )
}
