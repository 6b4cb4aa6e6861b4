// SPDX-License-Identifier: Apache-2.0

package import KeepaliveEngine

/// One entry of `backends` with `defaults` merged in: everything that the agent needs to know about an MCP server.
package struct BackendConfiguration: Sendable, Hashable {
    /// The key of the entry: 1...128 bytes without blanks and control characters, unique in the file.
    package var name: String
    /// `url`: the Streamable HTTP endpoint, `http` or `https`, without user name, password and fragment; required.
    package var url: String
    /// `headers`: sent with every request to the backend; values may hold secrets. Empty by default.
    package var headers: [HeaderConfiguration] = []
    /// `tls`: how the server is verified and what it is shown.
    package var tls = TLSConfiguration()
    /// `own_sessions`: how many sessions the agent opens itself, 0...100000; 0 by default.
    package var ownSessions = 0
    /// How the sessions are kept alive; timeouts are already clamped to the interval.
    package var policy = BackendPolicy()
    /// The tool of `keepalive_method: tool:<name>` or of `fallback_tool`; nil when there is neither.
    package var tool: ToolCall?
    /// `max_idle`: how long a session of the local API may go without its owner's traffic, at least 1 s; no limit when nil.
    package var maxIdle: Duration?
    /// `max_lifetime`: how long a session of the local API is kept alive at most, at least 1 s; no limit when nil.
    package var maxLifetime: Duration?
    /// Where the entry is in its file, for later messages about it.
    package var position: SourcePosition

    package init(name: String, url: String, position: SourcePosition = .start) {
        self.name = name
        self.url = url
        self.position = position
    }

    /// The URL without its query, which may hold a secret: fit to be shown.
    package var shownURL: String {
        url.utf8.firstIndex(of: 0x3F).map { String(url[..<$0]) + "?" + redactedText } ?? url
    }
}
