// SPDX-License-Identifier: Apache-2.0

/// The flags of W3C Trace Context.
public struct TraceFlags: OptionSet, Sendable, Hashable {
    /// The eight bits.
    public let rawValue: UInt8

    /// Flags with these bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The span is recorded and exported.
    public static let sampled = TraceFlags(rawValue: 1)
    /// At least seven bytes of the trace id are random (W3C Trace Context level 2).
    public static let random = TraceFlags(rawValue: 2)
}
