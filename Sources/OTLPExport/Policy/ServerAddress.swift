// SPDX-License-Identifier: Apache-2.0

/// The host and port of an `http` or `https` URL that was checked before, as `server.address` and `server.port` have them.
package struct ServerAddress: Sendable, Hashable {
    /// The name or address, an IPv6 address without its brackets.
    package let host: String
    /// The port, the scheme's own where the URL has none.
    package let port: Int

    package init(url: String) {
        let isSecure = url.lowercased().hasPrefix("https:")
        var rest = url[...]
        if let scheme = url.firstRange(of: "://") { rest = url[scheme.upperBound...] }
        var authority = rest.prefix { !"/?#".contains($0) }
        // A user and a password are nobody's business, least of all a metric's.
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        let standard = isSecure ? 443 : 80
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            port = Self.port(after: authority[authority.index(after: end)...]) ?? standard
        } else if let colon = authority.lastIndex(of: ":") {
            host = String(authority[..<colon])
            port = Self.port(after: authority[colon...]) ?? standard
        } else {
            host = String(authority)
            port = standard
        }
    }

    /// Whether it is this machine.
    package var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    private static func port(after text: Substring) -> Int? {
        text.hasPrefix(":") ? Int(text.dropFirst()) : nil
    }
}
