// SPDX-License-Identifier: Apache-2.0

import KeepaliveAgent

/// A state on disk that could not be opened: nothing is kept, and whoever asks is told why.
struct UnusableStorage: StateStorage {
    let directory: String
    let reason: String

    var problem: String? { reason }
    var canRecover: Bool { false }

    func put(_ session: StoredSession) async -> Bool { false }
    func remove(backend: String, key: String) async -> Bool { false }
    func save(successes: [StoredSuccess], backends: [StoredBackend]) async -> Bool { false }
    func recover(with state: StoredState) async -> Bool { false }
    func close() async {}
}
