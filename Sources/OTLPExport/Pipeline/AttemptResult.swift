// SPDX-License-Identifier: Apache-2.0

/// What came of one request.
enum AttemptResult: Sendable, Hashable {
    /// The collector took the batch, perhaps not all of it.
    case accepted(PartialSuccess?)
    /// It did not; `retryAfter` is what it said, `details` are words for people.
    case refused(ExportFailure, retryAfter: Duration?, details: String)
}
