// SPDX-License-Identifier: Apache-2.0

/// The three forms of a date in HTTP (RFC 9110, section 5.6.7): all are read, the first one is written.
package enum HTTPDate {
    /// Writes `Sun, 06 Nov 1994 08:49:37 GMT`.
    /// - Parameter time: seconds since 1970, up to the end of the year 9999.
    package static func text(secondsSince1970 time: Int64) -> String {
        // 1970-01-01 was a Thursday.
        let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let (day, second) = (time.floorDivided(by: 86_400), time.floorRemainder(by: 86_400))
        let date = date(day: day)
        let clock = [second / 3600, second / 60 % 60, second % 60].map { padded($0, to: 2) }.joined(separator: ":")
        return "\(names[Int(day.floorRemainder(by: 7))]), \(padded(date.day, to: 2)) \(months[date.month]) "
            + "\(padded(date.year, to: 4)) \(clock) GMT"
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`.
    /// - Parameter now: seconds since 1970; two digits of a year mean the year that is at most 50 years later.
    /// - Returns: seconds since 1970; nil when the text is no such date.
    package static func secondsSince1970(_ text: some Collection<UInt8>, now: Int64) -> Int64? {
        guard text.count <= 40 else { return nil }
        let separators: Set<UInt8> = [0x20, UInt8(ascii: ","), UInt8(ascii: "-")]
        let words = text.split(whereSeparator: separators.contains).map { String(decoding: $0, as: UTF8.self) }
        switch words.count {
        case 6 where words[5] == "GMT":
            guard let year = year(words[3], now: now) else { return nil }
            return seconds(year: year, month: words[2], day: words[1], time: words[4])
        case 5 where words[4].utf8.count == 4:
            guard let year = number(words[4]) else { return nil }
            return seconds(year: year, month: words[1], day: words[2], time: words[3])
        default:
            return nil
        }
    }

    private static func padded(_ number: Int64, to length: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, length - text.utf8.count)) + text
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// A number of one to four digits.
    private static func number(_ text: some StringProtocol) -> Int64? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text)
    }

    private static func year(_ text: String, now: Int64) -> Int64? {
        guard let year = number(text) else { return nil }
        switch text.utf8.count {
        case 4: return year
        case 2:
            let latest = 1970 + now / 31_556_952 + 50
            return year + (latest - year) / 100 * 100
        default: return nil
        }
    }

    private static func seconds(year: Int64, month: String, day: String, time: String) -> Int64? {
        let parts = time.split(separator: ":", omittingEmptySubsequences: false).compactMap { number($0) }
        guard let month = months.firstIndex(of: month), let day = number(day), (1...31).contains(day),
            time.utf8.count == 8, parts.count == 3, parts[0] < 24, parts[1] < 60, parts[2] <= 60
        else { return nil }
        return days(year: year, month: Int64(month) + 1, day: day) * 86_400
            + parts[0] * 3600 + parts[1] * 60 + parts[2]
    }

    /// Days since 1970-01-01 of a date in the Gregorian calendar. March is the first month here, so that the leap day
    /// comes last: the months before it have 153 days in every five of them.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month > 2 ? year : year - 1
        let month = month > 2 ? month - 3 : month + 9
        return year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468
    }

    /// The date of a day since 1970-01-01, in the Gregorian calendar; the first month is 0. The reverse of `days`: 400 years
    /// have 146,097 days.
    private static func date(day: Int64) -> (year: Int64, month: Int, day: Int64) {
        let sinceMarch = day + 719_468
        let (era, dayOfEra) = (sinceMarch.floorDivided(by: 146_097), sinceMarch.floorRemainder(by: 146_097))
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let isNextYear = month >= 10
        return (
            era * 400 + year + (isNextYear ? 1 : 0), Int(isNextYear ? month - 10 : month + 2),
            dayOfYear - (153 * month + 2) / 5 + 1
        )
    }
}

extension Int64 {
    fileprivate func floorRemainder(by divisor: Int64) -> Int64 { (self % divisor + divisor) % divisor }

    fileprivate func floorDivided(by divisor: Int64) -> Int64 { (self - floorRemainder(by: divisor)) / divisor }
}
