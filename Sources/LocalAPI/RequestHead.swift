// SPDX-License-Identifier: Apache-2.0

internal import ControlAPI
internal import NIOHTTP1

/// The head of a request that keeps the rules of HTTP/1.1 that the decoder leaves to its user.
struct RequestHead: Sendable, Equatable {
    /// With a target that begins with a slash.
    private(set) var head: HTTPRequestHead
    /// Whether the client waits for a word before it sends the body (RFC 9110 section 10.1.1).
    let expectsContinue: Bool
    /// Whether the connection is good for another request.
    let isKeepAlive: Bool

    /// - Throws: `invalid_request`, or `body_too_large` when the head says so already.
    init(_ head: HTTPRequestHead, bodyLimit: Int) throws(ControlProblem) {
        guard head.version.major == 1 else {
            throw ControlProblem(.invalidRequest, "expected HTTP/1.1 or HTTP/1.0")
        }
        // RFC 9112 section 3.2: exactly one Host.
        let hosts = head.headers["host"].count
        guard hosts == 1 || hosts == 0 && head.version.minor == 0 else {
            throw ControlProblem(.invalidRequest, "expected one Host header, found \(hosts)")
        }
        if let length = head.headers.first(name: "content-length"), (Int(length) ?? .max) > bodyLimit {
            throw ControlProblem(.bodyTooLarge, "a body may have \(bodyLimit) bytes")
        }
        expectsContinue = head.version.minor > 0 && head.headers[canonicalForm: "expect"].contains("100-continue")
        // The decoder stops when it has read a request that asks for another protocol.
        isKeepAlive = head.isKeepAlive && !head.headers.contains(name: "upgrade")
        self.head = head
        guard !head.uri.hasPrefix("/") else { return }
        // RFC 9112 section 3.2.2: with an absolute target, Host does not count.
        guard let (authority, path) = Self.parts(of: head.uri) else {
            throw ControlProblem(.invalidRequest, "expected a path as the target")
        }
        self.head.headers.replaceOrAdd(name: "host", value: authority)
        self.head.uri = path
    }

    private static func parts(of target: String) -> (authority: String, path: String)? {
        guard target.lowercased().hasPrefix("http://") else { return nil }
        let rest = target.dropFirst("http://".count)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let path = String(rest[end...])
        return (String(rest[..<end]), path.hasPrefix("/") ? path : "/" + path)
    }
}
