// SPDX-License-Identifier: Apache-2.0

/// Durations as people write them: `500ms`, `30s`, `5m`, `1h30m`, `1.5h`, `7d`.
package enum DurationText {
    /// The longest duration that can be written: ten years, near enough.
    package static let longest: Duration = .seconds(3650 * 86_400)

    /// Why a text is not a duration.
    package enum Problem: Error, Hashable {
        /// Not a number with a unit at all.
        case malformed
        /// A number without a unit.
        case noUnit
        /// A blank between number and unit.
        case blank
        /// A unit that there is not; with the one that was probably meant.
        case unknownUnit(String, meant: String?)
        /// The same unit twice, or a larger one after a smaller one.
        case order
        case negative
        case zero
        case tooLong
    }

    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
        ("ms", 1_000_000),
    ]

    /// Parses numbers with units, from large to small, each unit once; fractions have at most nine digits.
    package static func parse(_ text: String) throws(Problem) -> Duration {
        var rest = Array(text.utf8)[...]
        guard let first = rest.first else { throw .malformed }
        if first == 0x2D { throw .negative }
        var total: Int64 = 0
        var nextUnit = 0
        while !rest.isEmpty {
            let number = try takeNumber(from: &rest)
            let name = String(decoding: rest.prefix { !isDigit($0) && $0 != 0x2E }, as: UTF8.self)
            rest = rest.dropFirst(name.utf8.count)
            if name.isEmpty { throw .noUnit }
            if name.utf8.contains(0x20) { throw .blank }
            guard let unit = units.firstIndex(where: { $0.name == name }) else {
                throw .unknownUnit(name, meant: meant(by: name))
            }
            guard unit >= nextUnit else { throw .order }
            nextUnit = unit + 1
            total = try add(number, times: units[unit].nanoseconds, to: total)
        }
        if total == 0 { throw .zero }
        let duration = Duration.nanoseconds(total)
        if duration > longest { throw .tooLong }
        return duration
    }

    /// The shortest text for `duration` in whole milliseconds; fractions of seconds only: `4m30s`, `2.667s`, `500ms`.
    package static func format(_ duration: Duration) -> String {
        let parts = duration.components
        var milliseconds = parts.seconds * 1000 + (parts.attoseconds + 500_000_000_000_000) / 1_000_000_000_000_000
        guard milliseconds >= 1000 else { return "\(milliseconds)ms" }
        var text = ""
        for (name, size) in [("d", Int64(86_400_000)), ("h", 3_600_000), ("m", 60_000)] where milliseconds >= size {
            text += "\(milliseconds / size)\(name)"
            milliseconds %= size
        }
        guard milliseconds > 0 else { return text }
        text += "\(milliseconds / 1000)"
        if milliseconds % 1000 > 0 {
            let digits = String(milliseconds % 1000 + 1000).dropFirst()
            text += "." + digits.trimmingZeros
        }
        return text + "s"
    }

    /// A decimal number: `fraction` counts in units of 10 to the power of minus `digits`.
    private struct Number {
        var whole: Int64
        var fraction: Int64 = 0
        var scale: Int64 = 1
    }

    private static func takeNumber(from rest: inout ArraySlice<UInt8>) throws(Problem) -> Number {
        let whole = rest.prefix(while: isDigit)
        guard !whole.isEmpty else { throw .malformed }
        guard whole.count <= 18, let value = Int64(String(decoding: whole, as: UTF8.self)) else { throw .tooLong }
        var number = Number(whole: value)
        rest = rest.dropFirst(whole.count)
        guard rest.first == 0x2E else { return number }
        let fraction = rest.dropFirst().prefix(while: isDigit)
        guard (1...9).contains(fraction.count), let digits = Int64(String(decoding: fraction, as: UTF8.self)) else {
            throw .malformed
        }
        number.fraction = digits
        for _ in fraction { number.scale *= 10 }
        rest = rest.dropFirst(fraction.count + 1)
        return number
    }

    private static func add(_ number: Number, times unit: Int64, to total: Int64) throws(Problem) -> Int64 {
        let (product, tooLarge) = number.whole.multipliedReportingOverflow(by: unit)
        // A unit is at most 8.64e13 ns and a fraction below 1, but their product may exceed 64 bits before the division.
        let (high, low) = number.fraction.multipliedFullWidth(by: unit)
        let part = number.scale.dividingFullWidth((high, low)).quotient
        let (sum, overflow) = product.addingReportingOverflow(part)
        let (result, overflowAgain) = sum.addingReportingOverflow(total)
        if tooLarge || overflow || overflowAgain { throw .tooLong }
        return result
    }

    private static func meant(by name: String) -> String? {
        switch name.lowercased() {
        case "ms", "msec", "msecs", "millis", "millisecond", "milliseconds": "ms"
        case "s", "sec", "secs", "second", "seconds": "s"
        case "m", "min", "mins", "minute", "minutes": "m"
        case "h", "hr", "hrs", "hour", "hours": "h"
        case "d", "day", "days": "d"
        default: nil
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

extension Substring {
    fileprivate var trimmingZeros: Substring {
        var trimmed = self
        while trimmed.last == "0" { trimmed.removeLast() }
        return trimmed
    }
}
