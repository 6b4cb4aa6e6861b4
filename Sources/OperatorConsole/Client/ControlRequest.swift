// SPDX-License-Identifier: Apache-2.0

package import ControlAPI
import Foundation
package import Transfer

/// One request to the local API, and what its answer is read as.
package struct ControlRequest<Answer: Decodable & Sendable>: Sendable {
    package let method: RequestMethod
    /// Path and query, percent-encoded.
    package let target: String
    /// JSON; empty: none.
    package let body: [UInt8]

    init(_ method: RequestMethod, _ path: [String], query: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.method = method
        var target = path.map { "/" + Self.encoded($0) }.joined()
        if !query.isEmpty {
            target += "?" + query.map { "\($0.name)=\(Self.encoded($0.value))" }.joined(separator: "&")
        }
        self.target = target
        self.body = body
    }

    /// RFC 3986 section 2.3: what may stand as it is everywhere. A dot does not: `.` and `..` would name another path.
    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F, 0x7E:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }
}

extension ControlRequest<StatusView> {
    package static var status: Self { Self(.get, ["v1", "status"]) }
}

extension ControlRequest<BackendList> {
    package static var backends: Self { Self(.get, ["v1", "backends"]) }
}

extension ControlRequest<SessionPage> {
    /// One page of sessions.
    package static func sessions(_ query: SessionQuery) -> Self {
        var items: [(name: String, value: String)] = []
        if let backend = query.backend { items.append(("backend", backend)) }
        if let after = query.after { items.append(("after", after)) }
        items.append(("limit", "\(query.limit)"))
        return Self(.get, ["v1", "sessions"], query: items)
    }
}

extension ControlRequest<SessionView> {
    package static func session(backend: String, key: String) -> Self {
        Self(.get, ["v1", "backends", backend, "sessions", key])
    }
}

extension ControlRequest<ReleaseAnswer> {
    /// Releases a session.
    package static func release(backend: String, key: String) -> Self {
        Self(.delete, ["v1", "backends", backend, "sessions", key])
    }
}

extension ControlRequest<ProbeReport> {
    package static func probe(backend: String) -> Self { Self(.post, ["v1", "backends", backend, "probe"]) }
}

extension ControlRequest<BackendView> {
    package static func enable(backend: String) -> Self { Self(.post, ["v1", "backends", backend, "enable"]) }

    /// - Parameter seconds: after this time keepalive is enabled again; nil: until somebody does it.
    package static func disable(backend: String, seconds: Int?) -> Self {
        let body = seconds.map { Array("{\"for_seconds\":\($0)}".utf8) } ?? []
        return Self(.post, ["v1", "backends", backend, "disable"], body: body)
    }
}

extension ControlRequest<ReloadReport> {
    package static var reload: Self { Self(.post, ["v1", "reload"]) }
}

extension ControlRequest<AgentEvent> {
    /// The stream of events.
    static func events(of kinds: [AgentEvent.Kind]) -> Self {
        Self(.get, ["v1", "events"], query: [("kinds", kinds.map(\.rawValue).joined(separator: ","))])
    }
}
