// SPDX-License-Identifier: Apache-2.0

/// Times as people read them.
enum ConsoleTime {
    /// A time in nanoseconds since 1970 by RFC 3339, in UTC, with milliseconds.
    static func text(_ nanoseconds: UInt64) -> String {
        let (seconds, fraction) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let (days, second) = Int(seconds).quotientAndRemainder(dividingBy: 86_400)
        let date = date(daysSince1970: days)
        let day = [(date.year, 4), (date.month, 2), (date.day, 2)].map { ConsoleText.padded($0.0, to: $0.1) }
        let time = [second / 3600, second / 60 % 60, second % 60].map { ConsoleText.padded($0, to: 2) }
        let milliseconds = ConsoleText.padded(fraction / 1_000_000, to: 3)
        return "\(day.joined(separator: "-"))T\(time.joined(separator: ":")).\(milliseconds)Z"
    }

    /// The Gregorian date, counted in years that begin in March so that the leap day is the last.
    private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
