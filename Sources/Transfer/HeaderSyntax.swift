// SPDX-License-Identifier: Apache-2.0

/// What a header field may consist of.
enum HeaderSyntax {
    /// RFC 9110, section 5.6.2: one or more letters, digits and a few signs.
    static func isToken(_ bytes: Span<UInt8>) -> Bool {
        for position in bytes.indices {
            switch bytes[position] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): continue
            case UInt8(ascii: "0")...UInt8(ascii: "9"): continue
            case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"): continue
            case UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): continue
            case UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"): continue
            default: return false
            }
        }
        return !bytes.isEmpty
    }

    /// RFC 9110, section 5.5: no control character but the tab.
    static func isFieldValue(_ bytes: Span<UInt8>) -> Bool {
        for position in bytes.indices {
            let byte = bytes[position]
            if byte < 0x20 && byte != 0x09 || byte == 0x7F { return false }
        }
        return true
    }
}
