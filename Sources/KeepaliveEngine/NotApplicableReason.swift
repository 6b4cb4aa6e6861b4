// SPDX-License-Identifier: Apache-2.0

/// Why keepalive is off for a backend without anything being wrong.
package enum NotApplicableReason: String, Sendable, Hashable, CaseIterable {
    /// The backend issues no session id.
    case stateless
    /// The backend speaks only MCP 2026-07-28, which has neither ping nor sessions.
    case modern
    /// The backend's TTL covers the longest life of a session.
    case ttlAligned = "ttl_aligned"
    /// `keepalive_method: none`.
    case none
}
