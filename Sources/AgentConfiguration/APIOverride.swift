// SPDX-License-Identifier: Apache-2.0

/// What the command line or the environment of an agent says of its local API, whatever the file says.
package enum APIOverride: Sendable, Hashable {
    /// None of it.
    case off
    /// The path of the read-write socket; all else is as in the file.
    case socket(String)
    /// Where the read-only listener is; all else is as in the file.
    case listen(ListenAddress)

    /// Reads `off`, `host:port`, or what has a slash or ends in `.sock`; nil when it is none of these.
    package init?(_ text: String) {
        if text == "off" {
            self = .off
        } else if text.contains("/") || text.hasSuffix(".sock") {
            guard text.utf8.count <= APIConfiguration.longestSocketPath else { return nil }
            self = .socket(text)
        } else if let address = try? ListenAddress(parsing: text) {
            self = .listen(address)
        } else {
            return nil
        }
    }

    /// What holds: the option, or else `MCP_KEEPALIVE_API=off`. Another value of that variable tells commands where the agent
    /// is, and the agent does not heed it.
    package init?(option: APIOverride?, environment: [String: String]) {
        if let option {
            self = option
        } else if environment["MCP_KEEPALIVE_API"] == "off" {
            self = .off
        } else {
            return nil
        }
    }
}

extension Configuration {
    /// Takes over what was said beside the file.
    package mutating func obey(_ override: APIOverride?) {
        switch override {
        case .off: api = .off
        case .socket(let path):
            api.socket = path
            api.isSocketOff = false
        case .listen(let address):
            api.listen = address
            api.isListenWritten = true
        case nil: break
        }
    }
}
