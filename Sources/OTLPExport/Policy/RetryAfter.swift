// SPDX-License-Identifier: Apache-2.0

/// The header Retry-After, RFC 9110 section 10.2.3.
enum RetryAfter {
    /// How long to wait; nil when the value is neither a number of seconds nor a date, or is past.
    /// - Parameter now: seconds since 1970.
    static func parse(_ value: String, now: Int64) -> Duration? {
        let text = value.drop { $0 == " " || $0 == "\t" }
        let trimmed = text.prefix(text.utf8.count - text.reversed().prefix { $0 == " " || $0 == "\t" }.count)
        if trimmed.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int64(trimmed) {
            return seconds > 0 ? .seconds(seconds) : nil
        }
        guard let date = HTTPDate.secondsSince1970(trimmed), date > now else { return nil }
        return .seconds(date - now)
    }
}
