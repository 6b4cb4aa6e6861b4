// SPDX-License-Identifier: Apache-2.0

/// Why one attempt to export did not succeed.
public enum ExportFailure: Error, Sendable, Hashable {
    /// The collector answered with a status outside 200 to 299.
    case status(Int)
    /// No answer arrived.
    case transport(TransportFailure)

    /// The value of the attribute `error.type`: the status, or a word from a closed list.
    public var errorType: String {
        switch self {
        case .status(let status): String(status)
        case .transport(let failure): failure.rawValue
        }
    }

    /// Whether the same request may succeed later: only these four statuses (OTLP specification, "Retryable Response Codes").
    public var isRetryable: Bool {
        switch self {
        case .status(let status): [429, 502, 503, 504].contains(status)
        case .transport(let failure): failure.isRetryable
        }
    }
}
