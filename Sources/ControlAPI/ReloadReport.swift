// SPDX-License-Identifier: Apache-2.0

/// The answer to `POST /v1/reload` that succeeded: what is different now.
package struct ReloadReport: Codable, Sendable, Hashable {
    /// `added`, `changed`, `removed`: names of backends.
    package var added: [String]
    package var changed: [String]
    package var removed: [String]
    /// `untouched_sessions`: sessions of backends that did not change.
    package var untouchedSessions: Int
    /// `warnings`: what is odd about the file, and what takes a restart to come into force.
    package var warnings: [String]

    package enum CodingKeys: String, CodingKey {
        case added, changed, removed, warnings
        case untouchedSessions = "untouched_sessions"
    }

    package init(
        added: [String] = [],
        changed: [String] = [],
        removed: [String] = [],
        untouchedSessions: Int = 0,
        warnings: [String] = []
    ) {
        self.added = added
        self.changed = changed
        self.removed = removed
        self.untouchedSessions = untouchedSessions
        self.warnings = warnings
    }
}
