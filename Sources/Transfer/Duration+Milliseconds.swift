// SPDX-License-Identifier: Apache-2.0

extension Duration {
    /// Whole milliseconds, rounded up, so that a wait never ends too early and never becomes zero by rounding.
    var millisecondsRoundedUp: Int64 {
        let (seconds, attoseconds) = components
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        if overflow { return seconds < 0 ? .min : .max }
        let perMillisecond: Int64 = 1_000_000_000_000_000
        return milliseconds + attoseconds / perMillisecond + (attoseconds % perMillisecond > 0 ? 1 : 0)
    }
}
