// SPDX-License-Identifier: Apache-2.0

extension Configuration {
    /// Takes over what the environment of an agent says: `MCP_KEEPALIVE_API=off` switches the local API off, whatever the file
    /// says, for one agent among several on a machine.
    package mutating func obey(_ environment: [String: String]) {
        if environment["MCP_KEEPALIVE_API"] == "off" { api = .off }
    }
}
