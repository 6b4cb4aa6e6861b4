// SPDX-License-Identifier: Apache-2.0

package import MCPWire

/// How the agent names itself: to people, to MCP servers and to the collector.
package enum AgentVersion {
    /// The version of the product.
    package static let current = "0.1.0"

    /// `clientInfo` of `initialize`.
    package static let clientInformation = ClientInformation(name: "mcp-keepalive", version: current)

    /// The User-Agent header towards MCP servers.
    package static let userAgent = "mcp-keepalive/\(current)"
}
