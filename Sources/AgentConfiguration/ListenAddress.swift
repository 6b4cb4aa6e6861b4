// SPDX-License-Identifier: Apache-2.0

/// Where a server listens: an IP address or the name of a host, and a port.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IPv4 address, an IPv6 address without brackets, or a name; never empty.
    package var host: String
    /// 1...65535
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Why a text is not an address to listen on.
    package enum Problem: Error, Hashable {
        /// There is no host, or it is none.
        case host
        /// Only a port.
        case noHost(port: Int)
        /// Only a host.
        case noPort
        /// The port is not a number from 1 to 65535.
        case port
        /// An IPv6 address without brackets (RFC 3986 section 3.2.2).
        case brackets
    }

    /// Parses `host:port` or `[address]:port`.
    package init(parsing text: String) throws(Problem) {
        let bytes = Array(text.utf8)
        if let number = Self.port(bytes[...]) { throw .noHost(port: number) }
        let end: Int
        if bytes.first == 0x5B {
            guard let close = bytes.firstIndex(of: 0x5D) else { throw .host }
            host = String(decoding: bytes[1..<close], as: UTF8.self)
            guard Self.isIPv6(host) else { throw .host }
            end = close + 1
        } else {
            guard bytes.count(where: { $0 == 0x3A }) <= 1 else { throw .brackets }
            end = bytes.firstIndex(of: 0x3A) ?? bytes.count
            host = String(decoding: bytes[..<end], as: UTF8.self)
            if host.isEmpty, let number = Self.port(bytes.dropFirst()) { throw .noHost(port: number) }
            guard Self.isName(host) else { throw .host }
        }
        guard end < bytes.count else { throw .noPort }
        guard bytes[end] == 0x3A, let number = Self.port(bytes[(end + 1)...]) else { throw .port }
        port = number
    }

    /// Whether only this machine can reach it: `localhost`, 127.0.0.0/8 or `::1`.
    package var isLoopback: Bool {
        if host.lowercased() == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// As it is written in a URL.
    package var description: String {
        host.utf8.contains(0x3A) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Whether `text` is the name of a host or an IPv4 address: letters, digits, dots and hyphens (RFC 1123 section 2.1).
    static func isName(_ text: String) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
    }

    private static func isIPv6(_ text: String) -> Bool {
        text.utf8.contains(0x3A)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x3A, 0x41...0x46, 0x61...0x66, 0x2E: true
                default: false
                }
            }
    }

    private static func port(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let number = Int(String(decoding: digits, as: UTF8.self))
        return number.flatMap { (1...65_535).contains($0) ? $0 : nil }
    }
}
