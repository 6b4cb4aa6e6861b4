// SPDX-License-Identifier: Apache-2.0

/// A change in how the export of a signal is going; told once per change, never once per export.
public struct ExportChange: Sendable, Hashable, CustomStringConvertible {
    /// What changed.
    public enum Kind: Sendable, Hashable {
        /// Exports began to fail, or fail for another reason than before.
        case failing(errorType: String, details: String)
        /// The collector accepted a batch after exports had failed.
        case recovered
        /// The collector accepted a batch in part, or with a remark, and had not done so before.
        case partial(PartialSuccess)
        /// Something changed about the spool, whose folder the endpoint is.
        case spool(SpoolChange)
    }

    /// Whose export.
    public var signal: Signal
    /// What changed.
    public var kind: Kind
    /// Where the signal is sent to, without credentials.
    public var endpoint: String

    /// A change.
    public init(signal: Signal, kind: Kind, endpoint: String) {
        self.signal = signal
        self.kind = kind
        self.endpoint = endpoint
    }

    /// A line for people.
    public var description: String {
        switch kind {
        case .failing(let errorType, let details):
            "export of \(signal.rawValue) to \(endpoint) fails (\(errorType))" + (details.isEmpty ? "" : ": \(details)")
        case .recovered:
            "export of \(signal.rawValue) to \(endpoint) works again"
        case .partial(let partial) where partial.rejected > 0:
            "the collector at \(endpoint) rejected \(partial.rejected) of the \(signal.rawValue): \(partial.message)"
        case .spool(let change):
            "the spool in \(endpoint) \(change)"
        case .partial(let partial):
            "the collector at \(endpoint) accepted the \(signal.rawValue) and says: \(partial.message)"
        }
    }
}

/// Told of changes, on the export thread; it must return soon.
public typealias ExportObserver = @Sendable (ExportChange) -> Void
