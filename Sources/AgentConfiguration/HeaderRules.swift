// SPDX-License-Identifier: Apache-2.0

/// What a configured header may be.
enum HeaderRules {
    /// What is wrong with `name` as a header that the user sets, and what to do about it; nil when it is fine.
    ///
    /// A name that is none is not quoted: name and value may have been mixed up.
    static func problem(ofName name: String) -> (message: String, help: String?)? {
        guard isToken(name) else {
            return ("this is not the name of a header", "letters, digits and !#$%&'*+-.^_`|~ are allowed")
        }
        guard let reason = reserved[name.lowercased()] else { return nil }
        return ("header '\(name)' cannot be set", reason)
    }

    /// What is wrong with a header's value, as a clause that follows "the value"; nil when it is fine.
    ///
    /// RFC 9110 section 5.5: a value with CR, LF or NUL is invalid; other controls but tab serve nobody.
    static func problem(ofValue value: String) -> String? {
        let bytes = value.utf8
        if bytes.contains(where: { $0 == 0x0A || $0 == 0x0D }) { return "contains a line break" }
        if bytes.contains(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }) { return "contains a control character" }
        if let first = bytes.first, let last = bytes.last, [first, last].contains(where: { $0 == 0x20 || $0 == 0x09 }) {
            return "starts or ends with a blank"
        }
        return nil
    }

    /// RFC 9110 section 5.6.2: token.
    static func isToken(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy(isTokenByte)
    }

    /// RFC 9110 section 5.6.2: tchar.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
        default: false
        }
    }

    /// Headers that the agent or the HTTP library sets, and why nobody else may.
    private static let reserved: [String: String] = [
        "mcp-session-id": "it names the session: the agent sends the id of each session itself",
        "mcp-protocol-version": "the agent sends the version that each session negotiated",
        "content-type": "requests are always application/json",
        "content-encoding": "the agent encodes its requests itself",
        "accept": "the agent asks for what it can read",
        "accept-encoding": "the agent asks for what it can read",
        "content-length": "it follows from the body",
        "host": "it follows from the URL",
        "connection": "the agent manages its connections itself",
        "expect": "the agent manages its connections itself",
        "upgrade": "the agent manages its connections itself",
        "transfer-encoding": "the agent frames its requests itself",
    ]
}
