// SPDX-License-Identifier: Apache-2.0

/// The header Retry-After (RFC 9110, section 10.2.3).
package enum RetryAfter {
    /// The longest wait that is believed; longer ones are cut to it.
    package static let longest: Duration = .seconds(1_000_000_000)

    /// How long to wait: seconds, or until a date later than `now`; nil when the value is neither.
    /// - Parameter now: seconds since 1970.
    package static func parse(_ value: some BidirectionalCollection<UInt8>, now: Int64) -> Duration? {
        let text = value.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        guard !text.isEmpty else { return nil }
        if text.allSatisfy({ (0x30...0x39).contains($0) }) {
            let seconds = text.reduce(Int64(0)) { min($0 * 10 + Int64($1 - 0x30), 1_000_000_000) }
            return .seconds(seconds)
        }
        guard let date = HTTPDate.secondsSince1970(Array(text), now: now), date > now else { return nil }
        return min(.seconds(date - now), longest)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
