// SPDX-License-Identifier: Apache-2.0

package import KeepaliveEngine

/// The JSON-RPC methods that the agent sends; the raw value is the name on the wire and the value of `mcp.method.name`.
package enum MCPMethod: String, Sendable, Hashable, CaseIterable {
    case initialize
    /// A notification: it has no id and no answer but 202.
    case initialized = "notifications/initialized"
    case ping
    case callTool = "tools/call"
    case listTools = "tools/list"

    /// The request that a keepalive call sends.
    package init(_ method: CallMethod) {
        switch method {
        case .ping: self = .ping
        case .tool: self = .callTool
        }
    }
}
