// SPDX-License-Identifier: Apache-2.0

/// What went wrong with a request: one stable code for each kind of problem.
package enum ProblemCode: String, Codable, Sendable, Hashable, CaseIterable {
    case invalidBody = "invalid_body"
    case invalidParameter = "invalid_parameter"
    case invalidRequest = "invalid_request"
    case unauthorized
    case peerNotAllowed = "peer_not_allowed"
    case hostNotAllowed = "host_not_allowed"
    /// The request comes from a page in a browser, which has no business here.
    case originNotAllowed = "origin_not_allowed"
    case readOnly = "read_only"
    case noSuchPath = "no_such_path"
    case noSuchBackend = "no_such_backend"
    case noSuchSession = "no_such_session"
    case methodNotAllowed = "method_not_allowed"
    case requestTimeout = "request_timeout"
    /// The session id is registered under another key, or listed in the sessions file.
    case sessionInUse = "session_in_use"
    /// The backend's keepalive is off, so that there is nothing to probe, enable or disable.
    case backendOff = "backend_off"
    case bodyTooLarge = "body_too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case tooManySessions = "too_many_sessions"
    case configurationInvalid = "configuration_invalid"
    case headersTooLarge = "headers_too_large"
    case internalError = "internal_error"
    case shuttingDown = "shutting_down"
    case tooManyConnections = "too_many_connections"

    /// The HTTP status that it is sent with.
    package var status: Int {
        switch self {
        case .invalidBody, .invalidParameter, .invalidRequest: 400
        case .unauthorized: 401
        case .peerNotAllowed, .originNotAllowed, .readOnly: 403
        case .noSuchPath, .noSuchBackend, .noSuchSession: 404
        case .methodNotAllowed: 405
        case .requestTimeout: 408
        case .sessionInUse, .backendOff: 409
        case .bodyTooLarge: 413
        case .unsupportedMediaType: 415
        // RFC 9110 section 15.5.20: the server is not the one that the request is for.
        case .hostNotAllowed: 421
        case .configurationInvalid: 422
        case .tooManySessions: 429
        case .headersTooLarge: 431
        case .internalError: 500
        case .shuttingDown, .tooManyConnections: 503
        }
    }

    /// What it means, in a few words that are the same each time.
    package var title: String {
        switch self {
        case .invalidBody: "The body is not what is expected here"
        case .invalidParameter: "A part of the path or query is not what is expected here"
        case .invalidRequest: "This is not an HTTP request"
        case .unauthorized: "A bearer token is needed"
        case .peerNotAllowed: "This user may not use the socket"
        case .hostNotAllowed: "This host name is not served"
        case .originNotAllowed: "Web pages are not served"
        case .readOnly: "Nothing can be changed through this address"
        case .noSuchPath: "There is nothing at this path"
        case .noSuchBackend: "There is no such backend"
        case .noSuchSession: "There is no such session"
        case .methodNotAllowed: "This cannot be done with this path"
        case .requestTimeout: "The request did not arrive in time"
        case .sessionInUse: "The session is already kept alive under another name"
        case .backendOff: "Keepalive is off for this backend"
        case .bodyTooLarge: "The body is too large"
        case .unsupportedMediaType: "The body is not JSON"
        case .tooManySessions: "There are too many sessions"
        case .configurationInvalid: "The configuration file has errors"
        case .headersTooLarge: "The headers are too large"
        case .internalError: "This should not have happened"
        case .shuttingDown: "The agent is stopping"
        case .tooManyConnections: "There are too many connections"
        }
    }
}
