// SPDX-License-Identifier: Apache-2.0

/// A point on the monotonic clock, in whole milliseconds since an arbitrary start.
///
/// The engine never reads a clock: whoever calls it says what time it is.
package struct Tick: Sendable, Hashable, Comparable {
    /// Milliseconds since the start of the clock; never negative in practice.
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The start of the clock.
    package static let zero = Tick(milliseconds: 0)

    /// Later than every time that is ever reached.
    package static let never = Tick(milliseconds: .max)

    package static func < (left: Tick, right: Tick) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The time `duration` later, rounded down to a millisecond; stays `never` instead of overflowing.
    package static func + (tick: Tick, duration: Duration) -> Tick {
        tick.advanced(byMilliseconds: duration.wholeMilliseconds)
    }

    /// The time that many milliseconds later; stays `never` instead of overflowing. Cheaper than adding a duration.
    package func advanced(byMilliseconds count: Int64) -> Tick {
        let (sum, overflow) = milliseconds.addingReportingOverflow(count)
        return overflow ? .never : Tick(milliseconds: sum)
    }

    /// How much later `left` is than `right`.
    package static func - (left: Tick, right: Tick) -> Duration {
        .milliseconds(left.milliseconds - right.milliseconds)
    }
}

extension Duration {
    /// The duration in whole milliseconds, rounded towards zero.
    package var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        if overflow { return seconds < 0 ? .min : .max }
        return milliseconds + attoseconds / 1_000_000_000_000_000
    }

    /// The duration in seconds, as a fraction.
    package var fractionalSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }

    /// The duration multiplied by a fraction, to the nanosecond.
    package func scaled(by factor: Double) -> Duration {
        // `rounded()` would need libm, which nothing else here links.
        let nanoseconds = fractionalSeconds * factor * 1e9
        return .nanoseconds(Int64(nanoseconds < 0 ? nanoseconds - 0.5 : nanoseconds + 0.5))
    }
}
