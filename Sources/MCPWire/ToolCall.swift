// SPDX-License-Identifier: Apache-2.0

import JSONText

/// A tool with its arguments, rendered once and sent many times.
package struct ToolCall: Sendable, Hashable {
    /// The name of the tool, as the server knows it.
    package let name: String
    /// `"name":…,"arguments":…`
    let members: [UInt8]

    /// - Parameter arguments: the JSON text of an object.
    package init(name: String, arguments: [UInt8] = Array("{}".utf8)) {
        self.name = name
        var writer = JSONWriter()
        writer.string(name)
        members = Array("\"name\":".utf8) + writer.bytes + Array(",\"arguments\":".utf8) + arguments
    }
}
