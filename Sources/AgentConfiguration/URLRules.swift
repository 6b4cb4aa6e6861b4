// SPDX-License-Identifier: Apache-2.0

/// What a configured URL may be: RFC 3986 with scheme `http` or `https` and an authority, and no parts that would be
/// ignored or sent by accident.
package enum URLRules {
    /// What is wrong with `text`, without quoting it, and what to do about it; nil when it is fine.
    package static func problem(of text: String) -> (message: String, help: String?)? {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return ("a URL has no blanks, control characters or letters beyond ASCII", "percent-encode them")
        }
        let lowercased = text.lowercased().utf8
        let prefix = ["http://", "https://"].first { lowercased.starts(with: $0.utf8) }
        guard let prefix else { return ("a URL starts with http:// or https://", nil) }
        let rest = bytes.dropFirst(prefix.utf8.count)
        if rest.contains(0x23) { return ("a URL here has no fragment", "remove what follows '#', and '#' itself") }
        let authority = rest.prefix { $0 != 0x2F && $0 != 0x3F }
        if authority.contains(0x40) {
            return ("a URL here has no user name and password", "put the credential under 'headers', as authorization")
        }
        guard rest.allSatisfy({ !"\"<>\\^`{|}".utf8.contains($0) }) else {
            return ("a URL has none of the characters \"<>\\^`{|}", "percent-encode them")
        }
        return problem(ofAuthority: authority)
    }

    private static func problem(ofAuthority authority: ArraySlice<UInt8>) -> (message: String, help: String?)? {
        let host: ArraySlice<UInt8>
        if authority.first == 0x5B {
            guard let end = authority.firstIndex(of: 0x5D) else { return ("a URL's IPv6 address ends with ']'", nil) }
            host = authority[...end]
            guard host.dropFirst().dropLast().allSatisfy({ isHexadecimal($0) || $0 == 0x3A || $0 == 0x2E }),
                host.count > 3
            else { return ("a URL has an IPv6 address in brackets, or a host name without", nil) }
        } else {
            host = authority.prefix { $0 != 0x3A }
            let isName = host.allSatisfy { isHexadecimal($0) || isLetter($0) || "-._~%!$&'()*+,;=".utf8.contains($0) }
            guard !host.isEmpty, isName else { return ("a URL names a host", nil) }
        }
        let port = authority.dropFirst(host.count)
        if port.isEmpty { return nil }
        let digits = String(decoding: port.dropFirst(), as: UTF8.self)
        guard port.first == 0x3A, port.count <= 6, let number = Int(digits), (1...65_535).contains(number),
            port.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
        else { return ("a URL's port is a number from 1 to 65535", nil) }
        return nil
    }

    /// Whether the URL is `https`.
    static func isEncrypted(_ text: String) -> Bool {
        text.lowercased().utf8.starts(with: "https://".utf8)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
