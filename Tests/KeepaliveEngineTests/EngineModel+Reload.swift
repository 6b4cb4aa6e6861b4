// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// Changes of the configuration, with the books kept.
extension EngineModel {
    /// What a backend may become: one of the others, without its fallback or its caps, or off.
    private static let variants: [BackendPolicy] =
        policies + policies.map { policy($0) { $0.method = .none } } + [
            policy(policies[0]) { $0.method = .ping(hasFallback: false) },
            policy(policies[0]) { $0.stateful = .stateless },
            policy(policies[1]) { $0.interval = .seconds(2) },
            policy(policies[1]) { $0.maxRequestsPerSecond = 4 },
            policy(policies[1]) { $0.sessionLifetime = .seconds(40) },
            policy(policies[2]) { $0.probeAfter = .seconds(3) },
            policy(policies[2]) { $0.stateful = .stateful },
        ]

    private static func policy(_ policy: BackendPolicy, _ change: (inout BackendPolicy) -> Void) -> BackendPolicy {
        var policy = policy
        change(&policy)
        return policy
    }

    static func isOff(_ policy: BackendPolicy) -> Bool {
        let isCovered = policy.sessionTTL.map { $0 >= policy.sessionLifetime ?? .seconds(1_000_000) } ?? false
        return policy.method == .none || policy.stateful == .stateless || isCovered
    }

    /// The backends that are in the configuration.
    var configured: [BackendIndex] { policies.indices.map(BackendIndex.init).filter { !removed.contains($0) } }

    /// The configuration becomes another one.
    func reload() throws {
        switch roll(10) {
        case 0: if configured.count < 6 { try add() }
        case 1: if configured.count > 2 { try remove(configured[roll(configured.count)]) }
        default: try change(configured[roll(configured.count)])
        }
    }

    private func add() throws {
        let policy = Self.variants[roll(Self.variants.count)]
        let backend = engine.add(policy, at: now, using: &random, into: &actions)
        if Int(backend) == policies.count { policies.append(policy) } else { policies[Int(backend)] = policy }
        try check(!alive.values.contains(backend), "gives an index away that is in use")
        removed.remove(backend)
        disabled.remove(backend)
        heldUntil[backend] = nil
        probing[backend] = nil
        pausedUntil[backend] = nil
        starts[backend] = []
        largestCount[backend] = 0
        longestInterval[backend] = policy.interval
        try book()
    }

    private func change(_ backend: BackendIndex) throws {
        let policy = Self.variants[roll(Self.variants.count)]
        let before = policies[Int(backend)]
        let isOtherServer = roll(4) == 0
        longestInterval[backend] = max(before.interval, policy.interval, longestInterval[backend] ?? .zero)
        policies[Int(backend)] = policy
        starts[backend] = []
        if isOtherServer { pausedUntil[backend] = nil }
        pausedUntil[backend] = pausedUntil[backend].map { min($0, now + policy.probeAfter) }
        engine.change(
            backend,
            to: policy,
            isOtherServer: isOtherServer,
            isOtherTool: roll(4) == 0,
            at: now,
            using: &random,
            into: &actions
        )
        try book()
        // While somebody holds it disabled, a breaker closes without a word.
        if heldUntil[backend] != nil, engine.status(of: backend).breaker == .closed { disabled.remove(backend) }
    }

    private func remove(_ backend: BackendIndex) throws {
        removed.insert(backend)
        let gone = alive.filter { $0.value == backend }.keys.inOrder
        doomed.formUnion(gone)
        engine.remove(backend, at: now, using: &random, into: &actions)
        try book()
        for session in gone where owned.contains(session) {
            closing.insert(session)
            try lock(session)
        }
        for session in gone where !owned.contains(session) && inFlight[session] == nil {
            try check(alive[session] == nil, "keeps an attached session of a removed backend")
        }
    }
}
