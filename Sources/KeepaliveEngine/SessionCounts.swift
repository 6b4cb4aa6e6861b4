// SPDX-License-Identifier: Apache-2.0

/// How many sessions of a backend are in which state.
package struct SessionCounts: Sendable, Hashable {
    /// Open and kept alive, or about to be.
    package internal(set) var active = 0
    /// Their credential was refused.
    package internal(set) var paused = 0
    /// Keepalive makes no sense on them.
    package internal(set) var notApplicable = 0
    /// Owned, and not initialized at the moment.
    package internal(set) var unopened = 0

    /// All that are registered.
    package var total: Int { active + paused + notApplicable + unopened }

    mutating func add(_ record: SessionRecord) { change(record, by: 1) }

    mutating func remove(_ record: SessionRecord) { change(record, by: -1) }

    private mutating func change(_ record: SessionRecord, by step: Int) {
        switch record.state {
        case .notApplicable: notApplicable += step
        case _ where record.flags.contains(.paused): paused += step
        case .live: active += step
        case .unopened: unopened += step
        }
    }
}
