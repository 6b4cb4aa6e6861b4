// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// Makes broken texts of good ones. The same seed makes the same text.
struct TextMutation {
    /// What is mutated, and what parts of others are put into.
    let documents: [[UInt8]]
    private var chance: SplitMix64

    init(of documents: [String], seed: UInt64) {
        self.documents = documents.map { Array($0.utf8) }
        chance = SplitMix64(seed: seed)
    }

    /// One of the documents after one to four changes.
    mutating func next() -> [UInt8] {
        var bytes = document()
        for _ in 0..<Int.random(in: 1...4, using: &chance) where !bytes.isEmpty { change(&bytes) }
        return bytes
    }

    private mutating func document() -> [UInt8] {
        documents.randomElement(using: &chance) ?? []
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let position = Int.random(in: 0..<bytes.count, using: &chance)
        switch Int.random(in: 0..<16, using: &chance) {
        case 0: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
        case 1: bytes[position] = .random(in: 0...255, using: &chance)
        case 2: bytes.removeSubrange(position...)
        case 3:
            bytes.insert(contentsOf: Array((Self.insertions.randomElement(using: &chance) ?? "").utf8), at: position)
        case 4:
            let other = document()
            bytes = Array(bytes[..<position] + other[Int.random(in: 0..<other.count, using: &chance)...])
        case 5: bytes += document()
        case 6:
            bytes.insert(
                contentsOf: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82]][position % 4],
                at: position
            )
        default: changeLine(&bytes)
        }
    }

    private mutating func changeLine(_ bytes: inout [UInt8]) {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        let number = Int.random(in: 0..<lines.count, using: &chance)
        switch Int.random(in: 0..<8, using: &chance) {
        case 0: lines.remove(at: number)
        case 1: lines.insert(lines[number], at: Int.random(in: 0...lines.count, using: &chance))
        case 2: lines.swapAt(number, Int.random(in: 0..<lines.count, using: &chance))
        case 3: lines[number] = Array(repeating: 0x20, count: Int.random(in: 1...9, using: &chance)) + lines[number]
        case 4: lines[number] = Array(lines[number].drop { $0 == 0x20 })
        case 5: lines[number].insert(0x09, at: 0)
        default:
            guard let colon = lines[number].firstIndex(of: 0x3A) else { return }
            lines[number] = lines[number][...colon] + [0x20] + Array(value().utf8)
        }
        bytes = Array(lines.joined(separator: [0x0A]))
    }

    /// A value that is at a limit, or beyond it.
    private mutating func value() -> String {
        switch Int.random(in: 0..<120, using: &chance) {
        case 0: String(repeating: "x", count: 300_000)
        case 1: "\"" + String(repeating: "\\u2603", count: 20_000) + "\""
        case 2: String(repeating: "[", count: Int.random(in: 1...20_000, using: &chance))
        case 3: nested(Int.random(in: 50...80, using: &chance))
        case 4: nested(5000)
        case 5: Self.billionLaughs
        case 6: String(repeating: "${env:SECRET}", count: 10_000)
        case 7: String(repeating: "${", count: 50_000)
        default: Self.values.randomElement(using: &chance) ?? ""
        }
    }

    private func nested(_ depth: Int) -> String {
        String(repeating: "{ a: [", count: depth) + String(repeating: "] }", count: depth)
    }

    /// Ten levels of nine aliases each.
    private static let billionLaughs =
        "&a0 [x]\nb0: "
        + (1..<10).map { "&a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ", "))]" }
        .enumerated().map { "\($0.element)\nb\($0.offset + 1): " }.joined() + "*a9"

    private static let insertions = [
        "\u{FEFF}", "\u{85}", "\u{2028}", "\0", "\r", "\r\n", "\t", "&a ", "*a ", "<<: *a\n", "? ", "- ", "!!str ",
        "!x ",
        "|\n", ">-\n", "---\n", "...\n", "%YAML 1.3\n", "#", "'", "\"", "{", "}", "[", "]", ",", ": ", "\\", "$", "${",
        "}",
        "\u{1F600}", "e\u{301}",
    ]

    private static let values = [
        "0", "-0", "-1", "1", "64", "65", "2147483648", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808",
        "18446744073709551616", "1e308", "1e309", "-1e-400", "0x10", "0o17", "017", "1_000", ".5", "5.", "+5", ".inf",
        "-.inf",
        ".nan", "1.7976931348623157e308", String(repeating: "9", count: 400),
        "0s", "1ms", "999ms", "1s", "1.5h", "1h30m", "30m1h", "-5s", "5", "5 m", "5min", "1e3s", "0.0001ms", "3650d",
        "3651d",
        "99999999999999999999d", "9223372036854775807s", "1h1h", "s", "1.s", ".5s", "1d2h3m4s5ms",
        "0%", "100%", "100.1%", "-1%", "%", "10 %", "1e2%", "NaN%", "12.5%", String(repeating: "9", count: 400) + "%",
        "0MiB", "1MiB", "64GiB", "65GiB", "1.5MiB", "64MB", "9223372036854775807KiB", "MiB",
        "~", "null", "true", "True", "yes", "off", "none", "[]", "{}", "[a, b]", "{ a: b }", "''", "\"\"", "\" \"",
        "ping", "tool:", "tool: x", "tool:x", "'tool:\\n'", "auto", "gzip", "raw",
        "$", "$$", "$$$", "${}", "${env}", "${env:}", "${env:SECRET}", "${env:NONE}", "${env:NONE:-}",
        "${env:NONE:-${env:SECRET}}",
        "${env:A B}", "${file:}", "${file:token}", "${file:none}", "${file:../../x}", "${FILE:token}", "${env:SECRET",
        "x${env:SECRET}y${file:token}z", "'${env:\\u0000}'", "${env:NONE:-a: b}",
        "http://", "http://h", "https://h:0/", "http://h:65536/", "http://u:p@h/", "http://[::1", "http://[::1]:1/x",
        "//h", "h:1",
        "http://h/#f", "http://h/?q", "htp://h", "http://\u{E4}/", "127.0.0.1:1", ":1", "[::1]:1", "h:99999",
        "localhost:0",
        "&a x", "*a", "*none", "&a [*a]", "!!int 5", "!!binary aGk=", "!x y", "|\n  x", ">\n x", "? x", "- x", "@x",
        "`x", "%x",
        "'it''s", "\"\\x", "\"\\uD800\"", "2026-11-26", "a: b: c", "\u{2028}", "x # y", "#",
    ]
}
