// SPDX-License-Identifier: Apache-2.0

/// A log record, as a collector got it.
package struct RecordedLog: Sendable, Equatable {
    /// Nil for a record that is no event.
    package let eventName: String?
    package let body: String
    /// 9 is INFO, 13 is WARN.
    package let severityNumber: Int
    /// Values as text.
    package let attributes: [String: String]
    /// Lower-case hexadecimal; nil where the record belongs to no trace.
    package let traceID: String?
}
