// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ArgumentParser

struct ConfigSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema (draft-07) of the configuration, for editors.",
        discussion: """
            mcp-keepalive config schema > schema.json, and as the first line of the configuration, for editors with the \
            YAML language server: # yaml-language-server: $schema=schema.json

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
