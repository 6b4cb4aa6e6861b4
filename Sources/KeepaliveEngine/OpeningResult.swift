// SPDX-License-Identifier: Apache-2.0

/// What the initialization of an owned session came to.
package enum OpeningResult: Sendable, Hashable {
    /// The backend issued a session id, or was configured to be stateful.
    case stateful(advertisedTTL: Duration?)
    /// The backend issued no session id.
    case stateless
    /// The backend speaks only MCP 2026-07-28.
    case modern
    case failed(Outcome)
}
