// SPDX-License-Identifier: Apache-2.0

/// How serious a log record is: 1 (finest) to 24 (fatal), the numbers of OTLP.
public struct Severity: RawRepresentable, Sendable, Hashable, Comparable {
    /// The number, 1 to 24.
    public let rawValue: UInt8

    /// The severity with this number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Fine-grained debugging.
    public static let trace = Severity(rawValue: 1)
    /// Debugging.
    public static let debug = Severity(rawValue: 5)
    /// Something happened.
    public static let info = Severity(rawValue: 9)
    /// Something happened that deserves notice (swift-log `notice`).
    public static let notice = Severity(rawValue: 10)
    /// Something may be wrong.
    public static let warning = Severity(rawValue: 13)
    /// Something is wrong.
    public static let error = Severity(rawValue: 17)
    /// Something is badly wrong (swift-log `critical`).
    public static let critical = Severity(rawValue: 18)
    /// Nothing works any longer.
    public static let fatal = Severity(rawValue: 21)

    /// The short name of OTLP's enumeration: `INFO`, `INFO2`, `WARN`; empty when the number is out of range.
    public var text: StaticString {
        switch rawValue {
        case 1: "TRACE"
        case 2: "TRACE2"
        case 3: "TRACE3"
        case 4: "TRACE4"
        case 5: "DEBUG"
        case 6: "DEBUG2"
        case 7: "DEBUG3"
        case 8: "DEBUG4"
        case 9: "INFO"
        case 10: "INFO2"
        case 11: "INFO3"
        case 12: "INFO4"
        case 13: "WARN"
        case 14: "WARN2"
        case 15: "WARN3"
        case 16: "WARN4"
        case 17: "ERROR"
        case 18: "ERROR2"
        case 19: "ERROR3"
        case 20: "ERROR4"
        case 21: "FATAL"
        case 22: "FATAL2"
        case 23: "FATAL3"
        case 24: "FATAL4"
        default: ""
        }
    }

    /// Orders by number.
    public static func < (left: Severity, right: Severity) -> Bool {
        left.rawValue < right.rawValue
    }
}
