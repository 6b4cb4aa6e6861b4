// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation
import KeepaliveEngine

extension SessionView {
    /// How a session looks to people; `terms` is what the registry knows of it, nil when it is not a client's.
    init(_ facts: SessionFacts, _ terms: RegisteredTerms?, _ clock: WallClock) {
        let status = facts.status
        let source: Source = terms != nil ? .api : status.origin == .owned ? .own : .file
        self.init(
            backend: facts.backend,
            source: source,
            state: Self.state(of: facts, isSuspended: terms?.suspendedUntil != nil),
            lastActivity: clock.date(status.lastActivity) as Date
        )
        key = terms?.key
        session = facts.name.isEmpty ? nil : facts.name
        protocolVersion = facts.protocolVersion
        lastSuccess = clock.date(status.lastSuccess)
        if state != .held, case .due(let due) = status.activity {
            nextKeepalive = clock.date(max(due, terms?.suspendedUntil ?? due) as Tick?)
        }
        leaseExpiresAt = terms.map { clock.date($0.leaseExpiresAt) as Date }
    }

    private static func state(of facts: SessionFacts, isSuspended: Bool) -> State {
        let status = facts.status
        if isSuspended { return .suspended }
        if status.state == .notApplicable { return .notApplicable }
        if status.isPaused { return .paused }
        if status.activity == .parked || facts.isHeldBack { return .held }
        return status.state == .unopened ? .unopened : .active
    }
}
