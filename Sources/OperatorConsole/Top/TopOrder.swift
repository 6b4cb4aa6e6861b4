// SPDX-License-Identifier: Apache-2.0

import ControlAPI

/// In which order `top` shows the backends.
package enum TopOrder: String, Sendable, Hashable, CaseIterable {
    /// What needs somebody first.
    case trouble
    case name
    case rate
    case latency
    case sessions

    /// The order after this one.
    var next: TopOrder {
        let all = Self.allCases
        let index = all.firstIndex(of: self) ?? 0
        return all[(index + 1) % all.count]
    }

    /// The backends in this order; equals by name, so that lines do not jump.
    func sorted(_ backends: [BackendView], _ rates: AttemptRates) -> [BackendView] {
        let keys = backends.map { backend -> Double in
            switch self {
            case .trouble: Self.ease(backend)
            case .name: 0
            case .rate: -(rates.perMinute(backend.name) ?? 0)
            case .latency: -(backend.latencyP95Milliseconds ?? 0)
            case .sessions: -Double(backend.sessions)
            }
        }
        return backends.indices
            .sorted { (keys[$0], backends[$0].name) < (keys[$1], backends[$1].name) }
            .map { backends[$0] }
    }

    /// How little a backend needs somebody.
    private static func ease(_ backend: BackendView) -> Double {
        switch backend.state {
        case .disabled, .probing: 0
        case .heldByOperator: 1
        case .paused: 2
        case .active where backend.consecutiveFailures > 0: 3
        case .active where backend.pausedSessions > 0 || backend.fallbackActive: 4
        case .active: 5
        case .off: 6
        }
    }
}
