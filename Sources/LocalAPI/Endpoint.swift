// SPDX-License-Identifier: Apache-2.0

internal import ControlAPI
internal import HTTPTypes

/// What there is at a path.
enum Endpoint: Sendable, Hashable {
    case live
    case ready
    case status
    case backends
    case sessions
    case events
    case reload
    case session(backend: String, key: String)
    case renewal(backend: String, key: String)
    case suspension(backend: String, key: String)
    case probe(backend: String)
    case enabling(backend: String)
    case disabling(backend: String)

    /// - Throws: `no_such_path`, or `invalid_parameter` when a name in the path is none.
    init(_ segments: [String]) throws(ControlProblem) {
        switch (segments.count, segments.first) {
        case (1, "livez"): self = .live
        case (1, "readyz"): self = .ready
        case (2, "v1"): self = try Self.top(segments[1])
        case (4, "v1") where segments[1] == "backends":
            let backend = try Self.name(segments[2], of: "backend")
            self = try Self.onBackend(segments[3], backend)
        case (5, "v1") where segments[1] == "backends" && segments[3] == "sessions":
            self = .session(
                backend: try Self.name(segments[2], of: "backend"),
                key: try Self.name(segments[4], of: "key")
            )
        case (6, "v1") where segments[1] == "backends" && segments[3] == "sessions":
            let backend = try Self.name(segments[2], of: "backend")
            self = try Self.onSession(segments[5], backend, try Self.name(segments[4], of: "key"))
        default: throw Self.nothing
        }
    }

    private static var nothing: ControlProblem {
        ControlProblem(.noSuchPath, "see docs/openapi.yaml for what there is")
    }

    private static func top(_ word: String) throws(ControlProblem) -> Endpoint {
        switch word {
        case "status": .status
        case "backends": .backends
        case "sessions": .sessions
        case "events": .events
        case "reload": .reload
        default: throw nothing
        }
    }

    private static func onBackend(_ word: String, _ backend: String) throws(ControlProblem) -> Endpoint {
        switch word {
        case "probe": .probe(backend: backend)
        case "enable": .enabling(backend: backend)
        case "disable": .disabling(backend: backend)
        default: throw nothing
        }
    }

    private static func onSession(
        _ word: String,
        _ backend: String,
        _ key: String
    ) throws(ControlProblem) -> Endpoint {
        switch word {
        case "renew": .renewal(backend: backend, key: key)
        case "suspend": .suspension(backend: backend, key: key)
        default: throw nothing
        }
    }

    /// The longest backend or key, in bytes.
    static let longestName = 256

    private static func name(_ text: String, of what: String) throws(ControlProblem) -> String {
        guard (1...longestName).contains(text.utf8.count),
            text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else {
            throw ControlProblem(
                .invalidParameter,
                "\(what): expected 1 to \(longestName) bytes without control characters"
            )
        }
        return text
    }

    /// What can be done with it; where GET can be done, HEAD can.
    var methods: [HTTPRequest.Method] {
        switch self {
        case .live, .ready, .status, .backends, .sessions, .events: [.get, .head]
        case .session: [.get, .head, .put, .delete]
        case .reload, .renewal, .suspension, .probe, .enabling, .disabling: [.post]
        }
    }

    /// Whether it is health, which is told to everybody.
    var isHealth: Bool { self == .live || self == .ready }

    /// Whether it is there on the listener at which nothing can be changed. A session's key is a name of its caller's, so
    /// one who looks for sessions by key is one who may change them.
    var isReadOnly: Bool {
        switch self {
        case .live, .ready, .status, .backends, .sessions, .events: true
        default: false
        }
    }

    /// The parameters that its query may have.
    var parameters: [String] {
        switch self {
        case .sessions: ["backend", "after", "limit"]
        case .events: ["kinds"]
        default: []
        }
    }
}
