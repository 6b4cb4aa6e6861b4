// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct TelemetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "telemetry",
        abstract: "Tries the way to the collector, or lists all telemetry that there is.",
        subcommands: [TelemetryCheckCommand.self, TelemetryCatalogCommand.self]
    )
}
