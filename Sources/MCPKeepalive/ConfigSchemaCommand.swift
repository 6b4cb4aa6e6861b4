// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ArgumentParser

struct ConfigSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema (draft-07) of the configuration, for editors.",
        discussion: """
            Editors with the YAML language server use it after

              mcp-keepalive config schema > schema.json

            for a configuration whose first line is

              # yaml-language-server: $schema=schema.json

            With --markdown as the tables of docs/configuration.md, each between the markers that it has there.
            """
    )

    @Flag(help: "Print the tables of docs/configuration.md.")
    var markdown = false

    func run() {
        guard markdown else {
            Terminal.say(ConfigurationSchema.text)
            return
        }
        for (name, text) in ConfigurationDocument.parts {
            Terminal.say("<!-- generated: \(name) -->\n\(text)\n<!-- end -->")
        }
    }
}
