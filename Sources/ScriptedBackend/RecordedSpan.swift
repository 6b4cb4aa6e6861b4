// SPDX-License-Identifier: Apache-2.0

/// A span, as a collector got it.
package struct RecordedSpan: Sendable, Equatable {
    package let name: String
    /// The number of the enumeration `SpanKind`: 1 internal, 3 client.
    package let kind: Int
    /// Lower-case hexadecimal.
    package let traceID: String
    /// Lower-case hexadecimal.
    package let spanID: String
    /// Lower-case hexadecimal; nil for a root.
    package let parentSpanID: String?
    /// Values as text.
    package let attributes: [String: String]
    /// Whether the status is ERROR.
    package let isError: Bool
    /// Nanoseconds since 1970.
    package let start: UInt64
    /// Nanoseconds since 1970.
    package let end: UInt64
}
