// SPDX-License-Identifier: Apache-2.0

internal import ControlAPI
internal import HTTPTypes

/// What a listener lets its clients do.
enum Access: Sendable {
    /// Everything: the peer was checked when it connected.
    case socket
    /// Reading.
    case readOnly(HostRule)
    /// Everything, with the token.
    case token(HostRule, current: @Sendable () -> String?)
    /// Everything: the client's certificate was checked when it connected.
    case certificate(HostRule)

    /// Why a request is refused whatever it asks for; nil when it is not.
    func problem(with request: HTTPRequest) -> ControlProblem? {
        switch self {
        case .socket: return nil
        case .readOnly(let rule), .token(let rule, _), .certificate(let rule):
            guard rule.allows(request.authority) else {
                return ControlProblem(
                    .hostNotAllowed,
                    "the Host header has to be localhost, an IP address or one of api.allowed_hosts"
                )
            }
            // Browsers add it to what a page sends elsewhere (Fetch standard section 3.2), other programs do not.
            guard request.headerFields[.origin] == nil else {
                return ControlProblem(.originNotAllowed, "requests with an Origin header come from web pages")
            }
            return nil
        }
    }

    /// Whether the request bears the token, where one is needed (RFC 6750 section 2.1).
    func isAuthorized(_ request: HTTPRequest) -> Bool {
        guard case .token(_, let current) = self else { return true }
        guard let token = current(), !token.isEmpty, let value = request.headerFields[.authorization] else {
            return false
        }
        let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return false }
        return Self.isEqual(parts[1].drop { $0 == " " }.utf8, token.utf8)
    }

    /// Whether both are the same, in a time that depends on the length of what was sent and not on where it differs.
    static func isEqual(_ sent: some Collection<UInt8>, _ secret: some Collection<UInt8>) -> Bool {
        let secret = Array(secret)
        var difference = UInt8(truncatingIfNeeded: sent.count == secret.count ? 0 : 1)
        for (position, byte) in sent.enumerated() { difference |= byte ^ secret[position % secret.count] }
        return difference == 0
    }
}
