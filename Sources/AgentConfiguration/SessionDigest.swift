// SPDX-License-Identifier: Apache-2.0

/// Tells sessions apart by 16 bytes, for where there are very many of them: a hash of backend and session id, keyed anew in
/// each process. That two of a million sessions have the same is less likely than 1 in 10^26.
package struct SessionDigest: Sendable, Hashable {
    private let first: Int
    private let second: Int

    /// The digest of an entry.
    package init(_ session: AttachedSession) {
        first = Self.hash(session, salt: 0)
        second = Self.hash(session, salt: 1)
    }

    private static func hash(_ session: AttachedSession, salt: UInt8) -> Int {
        var hasher = Hasher()
        hasher.combine(salt)
        hasher.combine(session.backend)
        hasher.combine(session.sessionID)
        return hasher.finalize()
    }
}
