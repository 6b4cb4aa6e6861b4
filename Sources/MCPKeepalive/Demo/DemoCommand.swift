// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Shows in half a minute what the agent does; needs no configuration and no network.",
        discussion: """
            A stateful MCP server and a collector run in this process, and the real agent talks to them over HTTP on \
            loopback: keepalives, a failing ping, the fallback tool, auto-disable, probe and recovery, and in the end \
            what a collector got to see of it.
            """
    )

    func run() async throws {
        do {
            try await Demo().run()
        } catch {
            Terminal.talk("error: the demo did not go as it should: \(error)")
            Terminal.talk("  = help: it needs two free ports on 127.0.0.1; please report it if it happens again")
            MCPKeepalive.exit(with: .someFailed)
        }
    }
}
