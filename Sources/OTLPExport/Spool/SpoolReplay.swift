// SPDX-License-Identifier: Apache-2.0

/// Where the replay of one signal's spool stands.
enum SpoolReplay: Sendable {
    /// Nothing is under way.
    case none
    /// The oldest batch is being read.
    case reading
    /// It waits until the collector is free for it.
    case ready(SpooledBatch)
    /// It is on its way since then.
    case sending(since: ContinuousClock.Instant)

    var isSending: Bool {
        if case .sending = self { return true }
        return false
    }
}
