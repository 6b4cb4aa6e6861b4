// SPDX-License-Identifier: Apache-2.0

import JSONText

/// One page of the result of `tools/list`.
package struct ToolList: Sendable, Hashable {
    /// A tool of the server.
    package struct Tool: Sendable, Hashable {
        /// What it is called by.
        package var name: String
        /// `annotations.readOnlyHint`; nil when the server does not say.
        package var readOnlyHint: Bool?
    }

    /// The tools of this page; entries without a name are left out.
    package var tools: [Tool]
    /// Asks for the next page; nil on the last one.
    package var nextCursor: String?

    /// Reads the JSON text of a result; nil when it is none of `tools/list`.
    package init?(result: Span<UInt8>) {
        guard let node = try? JSONValue.parse(result), let entries = node["tools"]?.array else { return nil }
        tools = entries.compactMap { entry in
            entry["name"]?.string.map { Tool(name: $0, readOnlyHint: entry["annotations"]?["readOnlyHint"]?.bool) }
        }
        nextCursor = node["nextCursor"]?.string
    }
}
