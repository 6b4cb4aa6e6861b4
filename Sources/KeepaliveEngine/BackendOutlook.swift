// SPDX-License-Identifier: Apache-2.0

/// What lies behind and ahead of the active sessions of one backend.
package struct BackendOutlook: Sendable, Hashable {
    /// When the next session is due, or has been since it waits for a token or a slot of its backend; nil when none is.
    package var nextDue: Tick?
    /// The last success of the session that waits longest for one, or its last activity where there was none yet; nil
    /// without any session.
    package var oldestSuccess: Tick?
}

extension Engine {
    /// The outlook of every backend, by index; one pass over all sessions.
    package var outlooks: [BackendOutlook] {
        var outlooks = [BackendOutlook](repeating: BackendOutlook(), count: backends.count)
        for index in sessions.records.indices where sessions.isLive(index) {
            let record = sessions.records[index]
            guard record.state == .live, !record.flags.contains(.paused) else { continue }
            let backend = Int(record.backend)
            let success = record.lastSuccess < .zero ? record.lastActivity : record.lastSuccess
            outlooks[backend].oldestSuccess = min(outlooks[backend].oldestSuccess ?? .never, success)
            switch record.place {
            case .timer, .waiting, .urgent:
                outlooks[backend].nextDue = min(outlooks[backend].nextDue ?? .never, record.due)
            case .nowhere, .parked: break
            }
        }
        return outlooks
    }
}
