// SPDX-License-Identifier: Apache-2.0

/// A list of the form `key=value,key=value` (W3C Baggage without the properties), with `%XX` decoded in both.
enum KeyValueList {
    /// One element of the list, or what is wrong with it.
    enum Entry: Sendable, Hashable {
        case pair(key: String, value: String)
        /// In words that follow "entry 2"; without the text, which may be a secret.
        case malformed(String)
    }

    /// The elements in their order; empty ones are left out.
    static func parse(_ text: String) -> [Entry] {
        text.split(separator: ",").map(\.trimmed).filter { !$0.isEmpty }.map(entry)
    }

    private static func entry(_ text: Substring.SubSequence) -> Entry {
        guard let equals = text.firstIndex(of: "=") else { return .malformed("has no '='") }
        let key = text[..<equals].trimmed
        let value = text[text.index(after: equals)...].trimmed
        guard !key.isEmpty else { return .malformed("has no name before '='") }
        // OTLP exporter: the metadata that Baggage allows after a semicolon is not supported.
        guard !text.contains(";") else { return .malformed("has a ';', which has to be written as %3B") }
        guard let key = decoded(key), let value = decoded(value) else {
            return .malformed("has a '%' that does not begin the encoding of a character, which is written as %25")
        }
        return .pair(key: key, value: value)
    }

    /// RFC 3986 section 2.1; nil when a `%` is not followed by two hexadecimal digits or the bytes are not UTF-8.
    static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 0x57
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 0x37
        default: nil
        }
    }
}
