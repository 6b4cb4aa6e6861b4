// SPDX-License-Identifier: Apache-2.0

/// All that is kept.
package struct StoredState: Sendable, Hashable {
    /// The sessions; read from the disk they are in the order of backend and key.
    package var sessions: [StoredSession]
    /// The backends, also those that are no longer configured; read from the disk they are in the order of their names.
    package var backends: [StoredBackend]

    /// A state; nothing unless told otherwise.
    package init(sessions: [StoredSession] = [], backends: [StoredBackend] = []) {
        self.sessions = sessions
        self.backends = backends
    }
}
