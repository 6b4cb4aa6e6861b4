// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import KeepaliveAgent

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Prints the version, and what the agent speaks."
    )

    func run() {
        Terminal.say("mcp-keepalive \(AgentVersion.current)")
        Terminal.say("MCP 2025-11-25, 2025-06-18 and 2025-03-26 over Streamable HTTP; OTLP/HTTP JSON")
    }
}
