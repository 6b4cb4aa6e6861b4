// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// Times as an operator reads them: with units, and not more exact than helps.
package enum ShortTime {
    /// A span in seconds: `450ms`, `12s`, `4m`, `2h 14m`, `3d 4h`.
    package static func span(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds > 0 else { return "0s" }
        if seconds < 1 { return "\(max(1, Int((seconds * 1000).rounded())))ms" }
        if seconds < 99.5 { return "\(Int(seconds.rounded()))s" }
        if seconds < 3570 { return "\(Int((seconds / 60).rounded()))m" }
        if seconds < 86_370 { return two(Int((seconds / 60).rounded()), 60, "h", "m") }
        // Beyond a hundred thousand years somebody made a mistake.
        return two(Int((min(seconds, 1e13) / 3600).rounded()), 24, "d", "h")
    }

    /// A time in milliseconds: `0.42ms`, `2.4ms`, `312ms`, `1.2s`, `2m`.
    package static func latency(_ milliseconds: Double) -> String {
        guard milliseconds.isFinite, milliseconds >= 0 else { return "—" }
        if milliseconds < 0.995 { return decimal(milliseconds, 2) + "ms" }
        if milliseconds < 99.95 { return decimal(milliseconds, 1) + "ms" }
        if milliseconds < 999.5 { return "\(Int(milliseconds.rounded()))ms" }
        if milliseconds < 99_500 { return decimal(milliseconds / 1000, 1) + "s" }
        return span(milliseconds / 1000)
    }

    /// `in 4m`, to the second; `now` for what is due.
    package static func until(_ date: Date, from now: Date) -> String {
        let seconds = date.timeIntervalSince(now)
        return seconds < 0.5 ? "now" : "in \(span(max(1, seconds)))"
    }

    /// `4m ago`; `now` for what is not over yet by a clock that differs.
    package static func since(_ date: Date, to now: Date) -> String {
        let seconds = now.timeIntervalSince(date)
        return seconds < 0.995 ? "now" : "\(span(seconds)) ago"
    }

    /// The time of day in UTC, to the millisecond, as in the agent's own log: `12:04:31.250`.
    package static func ofDay(_ date: Date) -> String {
        let text = date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        return String(text.dropFirst(11).dropLast(1))
    }

    /// A number with at most so many decimals, without zeros at the end: `2.4`, `3`.
    static func decimal(_ value: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }

    private static func two(_ count: Int, _ size: Int, _ large: String, _ small: String) -> String {
        count % size == 0 ? "\(count / size)\(large)" : "\(count / size)\(large) \(count % size)\(small)"
    }
}

extension Duration {
    /// `10s`, as `ShortTime.span` has it.
    package var short: String {
        ShortTime.span(Double(components.seconds) + Double(components.attoseconds) / 1e18)
    }
}
