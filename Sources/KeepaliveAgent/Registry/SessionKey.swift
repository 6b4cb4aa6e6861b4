// SPDX-License-Identifier: Apache-2.0

/// What a client of the local API calls a session.
struct SessionKey: Sendable, Hashable {
    /// The name of its backend.
    let backend: String
    /// The client's own name for it.
    let key: String
}
