// SPDX-License-Identifier: Apache-2.0

/// What an outcome says of the session.
package enum Verdict: String, Sendable, Hashable {
    case alive
    case lost
    case unknown
}
