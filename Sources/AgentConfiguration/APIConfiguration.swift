// SPDX-License-Identifier: Apache-2.0

/// `api`: where the agent tells its state, and where it takes orders.
package struct APIConfiguration: Sendable, Hashable {
    /// `listen`: the read-only status and health over TCP; nil when it is off.
    package var listen: ListenAddress? = APIConfiguration.defaultListen
    /// Whether the file says where to listen, or that nothing does: an address that nobody wrote may be taken.
    package var isListenWritten = false
    /// `socket`: the read-write unix socket, resolved to a path that can be opened; nil when not written or off.
    package var socket: String?
    /// Whether the file says that there is no socket.
    package var isSocketOff = false
    /// `allowed_users`: who may use the socket besides the agent's own user and root; names or user ids.
    package var allowedUsers: [String] = []
    /// `allowed_groups`: whose processes (by their effective group) may use the socket, too; names or group ids.
    package var allowedGroups: [String] = []
    /// `writable`: the read-write API over TCP; none by default.
    package var writable: WritableListener?
    /// `max_sessions`: how many sessions the API keeps for its users at most, 1...1000000.
    package var maxSessions = 50_000
    /// `webhook`: who is told of events by a POST; nobody by default.
    package var webhook: WebhookConfiguration?

    package init() {}

    /// 7464 is PING on a keypad.
    package static let defaultListen = ListenAddress(host: "127.0.0.1", port: 7464)

    /// Nothing of it: `api: off`.
    package static var off: APIConfiguration {
        var api = APIConfiguration()
        api.listen = nil
        api.isListenWritten = true
        api.isSocketOff = true
        return api
    }

    /// The longest path of a unix socket in bytes: `sun_path` has 108 with the final NUL (unix(7)).
    package static let longestSocketPath = 107

    /// Where the socket is: as written, or else in the service's or the user's folder for such things; nil when there is
    /// none, or when it is off.
    package func socketPath(environment: [String: String]) -> String? {
        if isSocketOff { return nil }
        if let socket { return socket }
        // systemd.exec(5), RuntimeDirectory=: several folders are separated by colons.
        if let folder = environment["RUNTIME_DIRECTORY"]?.split(separator: ":").first {
            return "\(folder)/api.sock"
        }
        // XDG Base Directory Specification: a path that is relative is to be ignored.
        if let folder = environment["XDG_RUNTIME_DIR"], folder.utf8.first == 0x2F {
            return "\(folder)/mcp-keepalive/api.sock"
        }
        return nil
    }
}
