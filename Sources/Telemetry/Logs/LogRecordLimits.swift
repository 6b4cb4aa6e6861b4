// SPDX-License-Identifier: Apache-2.0

/// How much of a log record is exported; what is beyond is counted on the record as dropped.
public struct LogRecordLimits: Sendable, Hashable {
    /// Attributes per record.
    public var attributes = 128
    /// UTF-8 bytes per text value of an attribute that is not in a shared set.
    public var valueLength = Int.max

    /// The limits of the OpenTelemetry specification.
    public init() {}
}
