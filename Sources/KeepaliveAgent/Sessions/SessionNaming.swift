// SPDX-License-Identifier: Apache-2.0

/// How sessions are named to people.
enum SessionNaming: Sendable {
    /// By a keyed hash of their ids.
    case hash(SessionHash)
    /// By their ids, which are credentials.
    case raw
    /// Not at all.
    case omit
}
