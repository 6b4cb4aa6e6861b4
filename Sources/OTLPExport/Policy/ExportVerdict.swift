// SPDX-License-Identifier: Apache-2.0

/// What a collector made of one test batch, for people who set one up.
public enum ExportVerdict: Sendable, Hashable, CustomStringConvertible {
    /// It took the batch.
    case accepted
    /// It took the batch in part, or with a remark.
    case partial(PartialSuccess)
    /// There is nothing of OTLP at this path.
    case wrongPath(status: Int)
    /// It speaks another encoding, or refuses the request as malformed.
    case notUnderstood(status: Int, details: String)
    /// It wants other credentials.
    case refusedCredentials(status: Int)
    /// It answers from elsewhere; redirects are not followed.
    case redirect(status: Int)
    /// It has no time now.
    case busy(status: Int)
    /// Any other status.
    case failed(status: Int, details: String)
    /// There is no trust between the certificates.
    case tls(details: String)
    /// There was no answer.
    case unreachable(TransportFailure, details: String)
    /// The signal has no destination.
    case notConfigured

    /// Whether telemetry arrives.
    public var isAccepted: Bool {
        switch self {
        case .accepted: true
        case .partial(let partial): partial.rejected == 0
        default: false
        }
    }

    /// What it is and what to do, in words.
    public var description: String {
        switch self {
        case .accepted: "accepted"
        case .partial(let partial) where partial.rejected > 0:
            "the collector rejected \(partial.rejected)" + ExportVerdict.colon(partial.message)
        case .partial(let partial): "accepted, and the collector says: \(partial.message)"
        case .wrongPath(let status):
            "HTTP \(status): no OTLP/HTTP receiver at this path; check port (4318) and path of the endpoint"
        case .notUnderstood(let status, let details):
            "HTTP \(status): the receiver does not take OTLP JSON like this" + ExportVerdict.colon(details)
        case .refusedCredentials(let status): "HTTP \(status): credentials refused; check the headers of the endpoint"
        case .redirect(let status): "HTTP \(status): redirects are not followed; configure the final URL"
        case .busy(let status): "HTTP \(status): the collector is there but takes nothing right now"
        case .failed(let status, let details): "HTTP \(status)" + ExportVerdict.colon(details)
        case .tls(let details): "TLS" + ExportVerdict.colon(details)
        case .unreachable(_, let details): "unreachable" + ExportVerdict.colon(details)
        case .notConfigured: "not exported"
        }
    }

    init(_ result: AttemptResult) {
        switch result {
        case .accepted(let partial): self = partial.map { .partial($0) } ?? .accepted
        case .refused(.transport(.tls), _, let details): self = .tls(details: details)
        case .refused(.transport(let failure), _, let details): self = .unreachable(failure, details: details)
        case .refused(.status(let status), _, let details):
            switch status {
            case 300..<400: self = .redirect(status: status)
            case 401, 403, 407: self = .refusedCredentials(status: status)
            case 404, 405: self = .wrongPath(status: status)
            case 400, 406, 415, 422: self = .notUnderstood(status: status, details: details)
            case 429, 502, 503, 504: self = .busy(status: status)
            default: self = .failed(status: status, details: details)
            }
        }
    }

    private static func colon(_ details: String) -> String {
        details.isEmpty ? "" : ": \(details)"
    }
}
