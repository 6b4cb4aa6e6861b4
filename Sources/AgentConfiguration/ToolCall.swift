// SPDX-License-Identifier: Apache-2.0

/// A tool that serves as a keepalive, with its arguments.
package struct ToolCall: Sendable, Hashable {
    /// The name of the tool on its server.
    package var name: String
    /// The arguments as a JSON object.
    package var arguments: ToolArguments

    package init(name: String, arguments: ToolArguments = ToolArguments()) {
        self.name = name
        self.arguments = arguments
    }
}
