// SPDX-License-Identifier: Apache-2.0

/// Disables the keepalive of a backend that fails, and finds out with one call now and then whether it works again.
package struct CircuitBreaker: Sendable {
    /// Closed means that keepalive is active, open that it is disabled, half-open that the one call is in flight.
    package enum State: String, Sendable, Hashable, CaseIterable {
        case closed
        case open
        case halfOpen = "half_open"
    }

    private var threshold: Int

    package private(set) var state: State = .closed
    /// How many counting failures there were since the last success.
    package private(set) var failures = 0
    /// Why it opened; nil while it is closed.
    package private(set) var reason: FailureReason?
    /// When it opened; meaningful while it is not closed.
    package private(set) var since: Tick = .zero
    /// When the next probe is due; meaningful while it is open.
    package private(set) var nextProbe: Tick = .never
    /// How many probes were begun since it opened.
    package private(set) var probes = 0

    package init(threshold: Int) {
        self.threshold = max(1, threshold)
    }

    /// Takes over another threshold; it is looked at with the next failure.
    package mutating func adopt(threshold: Int) {
        self.threshold = max(1, threshold)
    }

    /// Takes over another time of the next probe.
    package mutating func postpone(to nextProbe: Tick) {
        self.nextProbe = nextProbe
    }

    /// A session of the backend was called with success: the failures before do not matter any more.
    package mutating func recordSuccess() {
        failures = 0
    }

    /// A cycle ended with a failure; true when the breaker is to open now.
    package mutating func recordFailure(_ effect: BreakerEffect) -> Bool {
        guard effect != .none else { return false }
        failures += 1
        return state == .closed && (effect == .trips || failures >= threshold)
    }

    /// Opens it.
    package mutating func open(for reason: FailureReason, at now: Tick, nextProbe: Tick) {
        state = .open
        self.reason = reason
        since = now
        self.nextProbe = nextProbe
        probes = 0
    }

    /// The one call of an open breaker starts.
    package mutating func beginProbe() {
        state = .halfOpen
        probes += 1
    }

    /// The one call did not show that the backend works.
    package mutating func endProbe(nextProbe: Tick) {
        state = .open
        self.nextProbe = nextProbe
    }

    /// The backend works; returns for how long it was disabled.
    package mutating func close(at now: Tick) -> Duration {
        state = .closed
        failures = 0
        reason = nil
        nextProbe = .never
        return now - since
    }
}
