// SPDX-License-Identifier: Apache-2.0

/// Where the local API of an agent is.
package enum AgentAddress: Sendable, Hashable {
    /// The path of its Unix domain socket.
    case socket(String)
    /// `host:port` of its read-only or token listener; an IPv6 address is in brackets.
    case listener(String)

    /// The listener that an agent has unless it is configured otherwise.
    package static let defaultListener = AgentAddress.listener("127.0.0.1:7464")

    /// Reads what a person writes: a path, `unix:PATH`, `HOST:PORT` or `http://HOST:PORT`; nil when it is none of these.
    package init?(_ text: String) {
        if text.hasPrefix("unix:") {
            self = .socket(String(text.dropFirst(5)))
        } else if text.hasPrefix("http://") {
            let rest = text.dropFirst(7)
            let place = rest.hasSuffix("/") ? rest.dropLast() : rest
            guard Self.isListener(place) else { return nil }
            self = .listener(String(place))
        } else if Self.isListener(text[...]) {
            self = .listener(text)
        } else if !text.contains("://"), !text.isEmpty, text.contains("/") || text.hasSuffix(".sock") {
            self = .socket(text)
        } else {
            return nil
        }
    }

    /// The path of the socket; nil where there is none.
    var socketPath: String? {
        if case .socket(let path) = self { path } else { nil }
    }

    /// The URL of a path and query; a socket has no name, and HTTP needs one.
    func url(_ target: String) -> String {
        switch self {
        case .socket: "http://localhost\(target)"
        case .listener(let place): "http://\(place)\(target)"
        }
    }

    private static func isListener(_ text: Substring) -> Bool {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
            return false
        }
        let host = text[..<colon]
        if host.first == "[" { return host.last == "]" && host.count > 2 }
        return !host.isEmpty && !host.contains { $0 == "/" || $0 == ":" || $0 == "@" || $0 == "?" || $0 == "#" }
    }
}

extension AgentAddress: CustomStringConvertible {
    /// As it can be given to `--api`.
    package var description: String {
        switch self {
        case .socket(let path): path
        case .listener(let place): place
        }
    }
}
