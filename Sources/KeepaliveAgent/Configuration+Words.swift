// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine

extension Configuration {
    /// The backends on which keepalive is on and nothing is ever to be kept alive: no sessions come from anywhere.
    var idleBackends: [String] {
        guard sessionsFile == nil else { return [] }
        return backends.filter { $0.policy.method != .none && $0.ownSessions == 0 }.map(\.name)
    }

    /// How many backends have keepalive on and sessions that can come.
    var keptCount: Int {
        backends.filter { $0.policy.method != .none }.count - idleBackends.count
    }
}
