// SPDX-License-Identifier: Apache-2.0

/// A single value as it was written. A plain one is typed by its looks, one in quotes or a block is text.
struct YAMLScalar: Sendable, Hashable {
    /// What a scalar is by the core schema of YAML 1.2.2, section 10.3.2: `yes`, `on` and `1_000` are text.
    enum Kind: Sendable, Hashable {
        case null
        case boolean
        case number
        case text
    }

    var text: String
    var isPlain: Bool

    var kind: Kind {
        guard isPlain else { return .text }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE", "false", "False", "FALSE": return .boolean
        default: return Self.looksLikeNumber(text) ? .number : .text
        }
    }

    /// YAML 1.2.2 section 10.3.2: decimal, `0o` and `0x` integers, floats, infinities and not-a-number.
    private static func looksLikeNumber(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        if bytes.starts(with: "0x".utf8) { return bytes.count > 2 && bytes.dropFirst(2).allSatisfy(isHexadecimal) }
        if bytes.starts(with: "0o".utf8) {
            return bytes.count > 2 && bytes.dropFirst(2).allSatisfy { (0x30...0x37).contains($0) }
        }
        var rest = bytes[...]
        if rest.first == 0x2B || rest.first == 0x2D { rest = rest.dropFirst() }
        if [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(String(decoding: rest, as: UTF8.self)) {
            return true
        }
        let whole = rest.prefix(while: isDigit).count
        rest = rest.dropFirst(whole)
        var fraction = 0
        if rest.first == 0x2E {
            fraction = rest.dropFirst().prefix(while: isDigit).count
            rest = rest.dropFirst(fraction + 1)
        }
        guard whole + fraction > 0 else { return false }
        return isExponentOrNothing(rest)
    }

    /// Whether a number may end so after its integer and fraction digits; the same in YAML and in JSON.
    static func isExponentOrNothing(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let exponent = bytes.first else { return true }
        guard exponent == 0x65 || exponent == 0x45 else { return false }
        var rest = bytes.dropFirst()
        if rest.first == 0x2B || rest.first == 0x2D { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(isDigit)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
