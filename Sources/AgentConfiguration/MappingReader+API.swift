// SPDX-License-Identifier: Apache-2.0

extension MappingReader {
    /// Whether `key` is not written at all.
    func lacks(_ key: String) -> Bool {
        !entries.contains { $0.key == key }
    }

    /// The path of a file, relative to the file that is being read, or nil for the word that stands for none.
    func file(_ key: String, orWord word: String, expected: String) -> Located<String?>? {
        guard let text = text(key, expected: expected) else { return nil }
        if text.value == word { return Located(value: nil, position: text.position, path: text.path) }
        guard let path = file(text) else { return nil }
        return Located(value: path.value, position: path.position, path: path.path)
    }

    /// Where to listen; a value of nil for the word `off`, where that is allowed.
    func listenAddress(_ key: String, canBeOff: Bool) -> Located<ListenAddress?>? {
        let expected = "an address such as 127.0.0.1:7464" + (canBeOff ? ", or off" : "")
        guard let scalar = scalar(key, expected: expected) else { return nil }
        if canBeOff, scalar.text == "off" { return locate(nil, scalar) }
        do {
            return locate(try ListenAddress(parsing: scalar.text), scalar)
        } catch {
            var detail = ""
            var help: String? = canBeOff ? ConfigurationDecoder.offHelp(scalar) : nil
            switch error {
            case .host: break
            case .noHost(let port):
                detail = ": there is no host"
                if !scalar.isSubstituted { help = "write 127.0.0.1:\(port), or 0.0.0.0:\(port) for all machines" }
            case .noPort: if scalar.kind == .text, help == nil { detail = ": there is no port" }
            case .port: detail = ": the port is a number from 1 to 65535"
            case .brackets: help = "an IPv6 address is in brackets, as in \"[::1]:7464\""
            }
            context.error(
                "expected \(expected), found \(scalar.inWords)\(detail)",
                at: scalar.position,
                path: scalar.path,
                help: help
            )
            return nil
        }
    }

    /// A list of users or groups, by name or by number.
    func accounts(_ key: String, kind: String) -> [String] {
        scalars(key, expected: "a list of \(kind)s").compactMap { scalar in
            let expected = "the name or the id of a \(kind)"
            let rejected: Located<String>? =
                switch scalar.kind {
                case .text where Self.isAccountName(scalar.text): locate(scalar.text, scalar)
                // The largest id stands for "no change" in chown(2).
                case .number where UInt32(scalar.text).map({ $0 < .max && String($0) == scalar.text }) ?? false:
                    locate(scalar.text, scalar)
                default: reject(scalar, expected: expected)
                }
            return rejected?.value
        }
    }

    /// A list of names of hosts, in lowercase: names of hosts have no case (RFC 9110 section 4.2.3).
    func hostNames(_ key: String) -> [String] {
        scalars(key, expected: "a list of names of hosts").compactMap { scalar in
            if scalar.kind == .text, ListenAddress.isName(scalar.text) { return scalar.text.lowercased() }
            let hasPort = scalar.text.utf8.contains(0x3A)
            let rejected: Located<String>? = reject(
                scalar,
                expected: "the name of a host such as agent.internal",
                help: hasPort ? "write it without scheme and port" : nil
            )
            return rejected?.value
        }
    }

    /// The scalars of a list, with their substitutions made; empty when there is no such key, or no list.
    private func scalars(_ key: String, expected: String) -> [ScalarValue] {
        guard let entry = entry(key) else { return [] }
        guard case .sequence(let items) = entry.value.content else {
            var help: String?
            if case .scalar(let scalar) = entry.value.content, scalar.kind != .null, !scalar.text.isEmpty {
                help = "write it in brackets: [a, b]"
            }
            context.error(
                "expected \(expected), found \(entry.value.kindInWords)",
                at: entry.value.position,
                path: path(of: key),
                help: help
            )
            return []
        }
        return items.compactMap { item in
            scalar(YAMLEntry(key: key, position: item.position, value: item), expected: "a text")
        }
    }

    private static func isAccountName(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != 0x2F && $0 != 0x3A && $0 != 0x2C }
    }
}
