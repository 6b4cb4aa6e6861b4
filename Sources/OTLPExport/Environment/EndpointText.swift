// SPDX-License-Identifier: Apache-2.0

/// The URL of a collector as a variable has it.
enum EndpointText {
    /// What is wrong with it, in words that say nothing of its parts; nil when it is fine.
    static func problem(of text: String) -> String? {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return "a URL has no blanks, control characters or letters beyond ASCII"
        }
        guard let authority = authority(of: text) else { return "a URL starts with http:// or https://" }
        guard !text.contains("#") else { return "a URL here has no fragment" }
        let host = host(of: authority)
        guard !host.isEmpty, host != "[]" else { return "a URL names a host" }
        let port = authority.dropFirst(authority.distance(from: authority.startIndex, to: host.endIndex))
        guard isPort(port) else { return "a URL's port is a number from 1 to 65535" }
        return nil
    }

    /// Whether it names the port of OTLP over gRPC.
    static func isGRPC(_ text: String) -> Bool {
        authority(of: text)?.hasSuffix(":4317") ?? false
    }

    /// The URL as it is, with the path `/` where there is none (OTLP exporter, "Endpoint URLs for OTLP/HTTP").
    static func completed(_ text: String) -> String {
        guard let authority = authority(of: text) else { return text }
        let rest = text[authority.endIndex...]
        return rest.hasPrefix("/") ? text : "\(text[..<authority.endIndex])/\(rest)"
    }

    /// User, host and port; nil when the scheme is neither http nor https.
    private static func authority(of text: String) -> Substring? {
        guard let scheme = text.firstRange(of: "://"),
            ["http", "https"].contains(text[..<scheme.lowerBound].lowercased())
        else { return nil }
        return text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    }

    private static func host(of authority: Substring) -> Substring {
        let start = authority.lastIndex(of: "@").map { authority.index(after: $0) } ?? authority.startIndex
        let place = authority[start...]
        guard place.hasPrefix("[") else { return place.prefix { $0 != ":" } }
        return place.lastIndex(of: "]").map { place[...$0] } ?? place.prefix(0)
    }

    private static func isPort(_ text: Substring) -> Bool {
        if text.isEmpty { return true }
        let digits = text.dropFirst()
        guard text.first == ":", digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits)
        else { return false }
        return (1...65_535).contains(number)
    }
}
