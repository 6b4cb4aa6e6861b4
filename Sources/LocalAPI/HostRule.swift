// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Which names a request over TCP may call this server by.
struct HostRule: Sendable, Hashable {
    var allowedHosts: Set<String> = []

    /// Whether this may be the authority of a request (RFC 9110 section 7.2); nil is what HTTP/1.0 leaves out.
    ///
    /// An IP address says nothing that could be false, and browsers do not resolve it. Any port will do, for a port may be
    /// forwarded.
    func allows(_ authority: String?) -> Bool {
        guard let authority else { return true }
        guard let host = Self.host(of: authority.lowercased()) else { return false }
        return host == "localhost" || allowedHosts.contains(host)
            || (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }

    /// The host without brackets and port; nil when it is neither (RFC 3986 section 3.2).
    private static func host(of authority: String) -> String? {
        let host: Substring
        let rest: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            guard host.contains(":") else { return nil }
            rest = authority[authority.index(after: end)...]
        } else {
            let end = authority.firstIndex(of: ":") ?? authority.endIndex
            host = authority[..<end]
            rest = authority[end...]
        }
        guard rest.isEmpty || rest.first == ":" && rest.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return nil
        }
        return String(host)
    }
}
