// SPDX-License-Identifier: Apache-2.0

/// The value of an attribute or the body of a log record.
///
/// OpenTelemetry specification, "Common concepts": a primitive or a homogeneous array of one.
public enum AttributeValue: Sendable, Hashable {
    /// Text.
    case string(String)
    /// A truth value.
    case bool(Bool)
    /// A signed 64-bit number.
    case int(Int64)
    /// A floating-point number. What JSON cannot express is written as text.
    case double(Double)
    /// Several texts.
    case strings([String])
    /// Several truth values.
    case bools([Bool])
    /// Several signed 64-bit numbers.
    case ints([Int64])
    /// Several floating-point numbers.
    case doubles([Double])

    /// Whether this is an array without elements, which is never written: some receivers refuse it.
    var isEmptyArray: Bool {
        switch self {
        case .string, .bool, .int, .double: false
        case .strings(let values): values.isEmpty
        case .bools(let values): values.isEmpty
        case .ints(let values): values.isEmpty
        case .doubles(let values): values.isEmpty
        }
    }
}

extension AttributeValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral
{
    /// A text.
    public init(stringLiteral value: String) {
        self = .string(value)
    }

    /// A truth value.
    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }

    /// A whole number.
    public init(integerLiteral value: Int64) {
        self = .int(value)
    }

    /// A floating-point number.
    public init(floatLiteral value: Double) {
        self = .double(value)
    }
}
