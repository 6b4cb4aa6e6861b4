// SPDX-License-Identifier: Apache-2.0

internal import KeepaliveAgent

/// A change of what is kept. Each sets values, none adds to them: applied twice it does no harm.
enum StateChange: Sendable {
    case put(StoredSession)
    case remove(backend: String, key: String)
    case save([StoredSuccess], [StoredBackend])
}
