// SPDX-License-Identifier: Apache-2.0

/// The value of one point of a sum or a gauge.
public enum NumberValue: Sendable, Hashable {
    /// A whole number, `asInt`.
    case int(Int64)
    /// A floating-point number, `asDouble`.
    case double(Double)

    /// The sum of two values; whole numbers stop at the ends of their range.
    static func + (left: NumberValue, right: NumberValue) -> NumberValue {
        switch (left, right) {
        case (.int(let left), .int(let right)):
            let (sum, overflow) = left.addingReportingOverflow(right)
            return .int(overflow ? (left < 0 ? .min : .max) : sum)
        case (.int(let left), .double(let right)): return .double(Double(left) + right)
        case (.double(let left), .int(let right)): return .double(left + Double(right))
        case (.double(let left), .double(let right)): return .double(left + right)
        }
    }

    /// Whether it is less than zero.
    var isNegative: Bool {
        switch self {
        case .int(let value): value < 0
        case .double(let value): value < 0
        }
    }

    /// The difference of two totals.
    static func - (left: NumberValue, right: NumberValue) -> NumberValue {
        switch right {
        case .int(let right): left + .int(right == .min ? .max : -right)
        case .double(let right): left + .double(-right)
        }
    }
}
