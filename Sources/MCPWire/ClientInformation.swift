// SPDX-License-Identifier: Apache-2.0

import JSONText

/// How the agent presents itself to servers (`clientInfo` of `initialize`), rendered once.
package struct ClientInformation: Sendable, Hashable {
    /// `{"name":…,"version":…}`
    let json: [UInt8]

    package init(name: String, version: String) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("name")
        writer.string(name)
        writer.key("version")
        writer.string(version)
        writer.endObject()
        json = writer.bytes
    }
}
