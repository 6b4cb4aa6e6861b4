// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Prints a configuration to start from, the one in force, or the schema of all.",
        subcommands: [ConfigInitCommand.self, ConfigPrintCommand.self, ConfigSchemaCommand.self]
    )
}
