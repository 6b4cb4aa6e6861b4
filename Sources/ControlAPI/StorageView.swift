// SPDX-License-Identifier: Apache-2.0

/// How the state on disk is doing.
package struct StorageView: Codable, Sendable, Hashable {
    /// Whether registrations survive a restart.
    package enum State: String, Codable, Sendable, Hashable, CaseIterable {
        /// No `state_dir`: in memory only.
        case off
        case ok
        /// It cannot be written: the agent goes on from memory.
        case degraded
    }

    package var state: State
    package var directory: String?
    /// `problem`: why it is degraded.
    package var problem: String?

    package init(state: State, directory: String? = nil, problem: String? = nil) {
        self.state = state
        self.directory = directory
        self.problem = problem
    }
}
