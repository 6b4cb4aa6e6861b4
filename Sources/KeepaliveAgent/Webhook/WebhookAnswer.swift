// SPDX-License-Identifier: Apache-2.0

import HTTPValues
import Transfer

/// What a receiver made of one POST.
enum WebhookAnswer: Sendable, Hashable {
    /// It has the events.
    case taken
    /// It may take them later, and may have said when.
    case notNow(problem: String, retryAfter: Duration?)
    /// It would refuse them again.
    case refused(problem: String)

    /// - Parameter now: seconds since 1970, for a Retry-After that is a date.
    init(_ response: Response, now: Int64) {
        let status = response.status
        switch status {
        case 200..<300: self = .taken
        case 408, 429, 500...:
            self = .notNow(
                problem: "HTTP \(status)",
                retryAfter: response.header("retry-after").flatMap { RetryAfter.parse($0.utf8, now: now) }
            )
        case 300..<400: self = .refused(problem: "HTTP \(status), and redirects are not followed")
        default: self = .refused(problem: "HTTP \(status)")
        }
    }

    /// There was no answer; that may change whatever the reason was.
    init(_ error: TransferError) {
        self = .notNow(problem: error.description, retryAfter: nil)
    }
}
