// SPDX-License-Identifier: Apache-2.0

import JSONText

/// What the result of `initialize` says.
package struct InitializeAnswer: Sendable, Hashable {
    /// The version that the server chose, which need not be the one asked for.
    package var protocolVersion: ProtocolVersion
    /// `serverInfo.name`; empty when absent.
    package var serverName: String
    /// `serverInfo.version`; empty when absent.
    package var serverVersion: String
    /// The server has tools.
    package var hasTools: Bool
    /// The idle TTL of the session, where the server advertises it in `_meta`.
    package var advertisedTTL: Duration?

    /// Reads the JSON text of a result; nil when it is none of `initialize`: it has no protocol version that can stand
    /// in a header.
    package init?(result: Span<UInt8>) {
        guard let node = try? JSONValue.parse(result), let version = node["protocolVersion"]?.string else { return nil }
        protocolVersion = ProtocolVersion(rawValue: version)
        guard protocolVersion.isValidHeaderValue else { return nil }
        serverName = node["serverInfo"]?["name"]?.string ?? ""
        serverVersion = node["serverInfo"]?["version"]?.string ?? ""
        hasTools = node["capabilities"]?["tools"]?.object != nil
        let seconds = node["_meta"]?["gortex/session_idle_ttl_seconds"]?.number?.double
        advertisedTTL = seconds.flatMap { $0 > 0 ? .seconds(min($0, StreamableHTTPHeader.longestSeconds)) : nil }
    }
}
