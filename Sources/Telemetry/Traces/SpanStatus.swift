// SPDX-License-Identifier: Apache-2.0

/// What came of the operation.
public enum SpanStatus: Sendable, Hashable {
    /// Nobody said; the usual status of success.
    case unset
    /// Somebody declared it a success.
    case ok
    /// It failed; the text may be empty.
    case error(String)
}
