// SPDX-License-Identifier: Apache-2.0

/// How many requests a backend gets: a token bucket for the rate, and a cap on what is in flight.
///
/// The bucket is small, a tenth of a second, so that hardly more than the rate starts in any second, also after a
/// suspend of the machine.
package struct Admission: Sendable {
    private var maxInFlight: Int
    private var tokens: Double = 0
    private var filled: Tick
    /// Until when the cap is halved because this machine ran short of something.
    private var shedUntil: Tick = .zero

    /// How many requests are in flight.
    package private(set) var inFlight = 0

    /// A full bucket at `now`.
    package init(maxInFlight: Int, at now: Tick) {
        self.maxInFlight = max(1, maxInFlight)
        filled = now
        tokens = .infinity
    }

    /// Takes over another cap; what is in flight beyond it ends by itself.
    package mutating func adopt(maxInFlight: Int) {
        self.maxInFlight = max(1, maxInFlight)
    }

    /// Whether one more request may be in flight.
    package func hasSlot(at now: Tick) -> Bool {
        inFlight < (now < shedUntil ? max(1, maxInFlight / 2) : maxInFlight)
    }

    /// Whether one more request may start now, at `rate` per second.
    package mutating func hasRoom(at now: Tick, rate: Double) -> Bool {
        guard hasSlot(at: now) else { return false }
        refill(at: now, rate: rate)
        return tokens >= Self.wholeToken
    }

    /// When the next token is there.
    package mutating func nextToken(at now: Tick, rate: Double) -> Tick {
        refill(at: now, rate: rate)
        guard tokens < Self.wholeToken else { return now }
        return now + .milliseconds(Int64((1 - tokens) / rate * 1000) + 1)
    }

    /// A request starts; only after `hasRoom` said so.
    package mutating func start() {
        tokens -= 1
        inFlight += 1
    }

    /// A request ended.
    package mutating func finish() {
        inFlight -= 1
    }

    /// Halves the cap until `end`.
    package mutating func shed(until end: Tick) {
        shedUntil = max(shedUntil, end)
    }

    /// A token that sums of fractions left short by rounding counts as whole.
    private static let wholeToken = 1 - 1e-9

    private mutating func refill(at now: Tick, rate: Double) {
        let elapsed = Double(max(0, now.milliseconds - filled.milliseconds)) / 1000
        filled = max(filled, now)
        // What comes in during one slot of the timer wheel is kept on top, since tokens are asked for that late.
        let slot = Double(TimerWheel.slotWidth) / 1000
        tokens = min(tokens + elapsed * rate, max(1, rate / 10) + slot * rate)
    }
}
