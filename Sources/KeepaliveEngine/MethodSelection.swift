// SPDX-License-Identifier: Apache-2.0

/// Which call keeps the sessions of one backend alive: ping, until it consistently fails; then the tool; and back.
package struct MethodSelection: Sendable {
    /// How long the tool is used before ping is tried again.
    package static let pingRetryInterval: Duration = .seconds(86_400)

    private let policy: BackendPolicy.Method
    /// The ping failure in a row from which on the tool is called in the same cycle.
    private var patience: Int
    private var pingFailures = 0
    private var nextPingRetry: Tick = .never

    /// Since when the tool is latched; meaningful while it is.
    private var since: Tick = .zero

    /// Whether the fallback tool is called instead of ping.
    package private(set) var isLatched = false

    package init(policy: BackendPolicy) {
        self.policy = policy.method
        patience = Self.patience(of: policy)
    }

    /// The ping failure in a row from which on the tool is called in the same cycle, where there is one.
    package static func patience(of policy: BackendPolicy) -> Int {
        min(2, max(1, policy.failureThreshold))
    }

    /// Takes over another policy. Whether ping works stays known while the method is the same.
    package mutating func adopt(_ policy: BackendPolicy) {
        if policy.method == self.policy {
            patience = Self.patience(of: policy)
        } else {
            self = MethodSelection(policy: policy)
        }
    }

    /// Since when the fallback tool is called instead of ping; nil while it is not.
    package var latchedSince: Tick? { isLatched ? since : nil }

    /// Whether there is a tool to fall back to.
    package var hasFallback: Bool { policy == .ping(hasFallback: true) }

    /// The first call of a cycle that starts now, and whether it tries ping although the tool is latched.
    package mutating func first(at now: Tick) -> (method: CallMethod, isPingRetry: Bool) {
        guard isLatched else { return (policy == .tool ? .tool : .ping, false) }
        guard now >= nextPingRetry else { return (.tool, false) }
        nextPingRetry = now + Self.pingRetryInterval
        return (.ping, true)
    }

    /// The call of the probe with this number, counted from 1 since the breaker opened. With a fallback tool they
    /// take turns, so that a backend whose ping never works can recover.
    package func probe(number: Int) -> CallMethod {
        if policy == .tool { return .tool }
        return hasFallback && number % 2 == 0 ? .tool : .ping
    }

    /// A ping succeeded; true when this ends the time of the tool.
    package mutating func pingSucceeded() -> Bool {
        pingFailures = 0
        defer { isLatched = false }
        return isLatched
    }

    /// A ping failed; true when the tool is to be called in the same cycle.
    ///
    /// Failures of the session or the credential say nothing of ping, and one that opens the breaker at once nothing
    /// of the tool.
    package mutating func pingFailed(_ outcome: Outcome, isPingRetry: Bool) -> Bool {
        if outcome.reaction == .latchMethod { return hasFallback }
        guard outcome.breaker != .none else { return false }
        pingFailures += 1
        guard hasFallback, outcome.breaker == .counts else { return false }
        return isPingRetry || pingFailures >= patience
    }

    /// From now on the tool is called; true when it was ping before.
    package mutating func latch(at now: Tick) -> Bool {
        guard hasFallback, !isLatched else { return false }
        isLatched = true
        since = now
        nextPingRetry = now + Self.pingRetryInterval
        return true
    }
}
