// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveEngine
import Testing

/// What YAML allows beyond the obvious, and what hostile files try.
struct DocumentTests {
    private func load(bytes: [UInt8]) -> ConfigurationLoader.Outcome {
        ConfigurationLoader.load(bytes: bytes, file: "mcp-keepalive.yaml", environment: [:], readFile: files())
    }

    @Test func `anchors and merge keys share settings`() throws {
        let text = """
            backends:
              a: &a
                url: http://h/1
                interval: 1m
                jitter: 5%
              b:
                <<: *a
                url: http://h/2
                interval: 2m
              c:
                <<: [{ url: http://h/3 }, *a]
            """
        let outcome = AgentConfigurationTests.load(text)
        #expect(outcome.rendered == "")
        let backends = try #require(outcome.configuration?.backends)
        #expect(backends.map(\.url) == ["http://h/1", "http://h/2", "http://h/3"])
        #expect(backends.map(\.policy.interval) == [.seconds(60), .seconds(120), .seconds(60)])
        #expect(backends.map(\.policy.jitter) == [0.05, 0.05, 0.05])
    }

    @Test func `only mappings can be merged`() {
        let found = AgentConfigurationTests.load("backends:\n  a:\n    <<: [1]\n    url: http://h/1").diagnostics
        #expect(found.map(\.message) == ["expected a mapping to merge, found a number"])
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func `all line ends and a byte order mark are understood`(lineEnd: String) {
        let text = "\u{FEFF}defaults:\(lineEnd)  zebra: 1\(lineEnd)\(oneBackend)"
        let found = AgentConfigurationTests.load(text).diagnostics
        #expect(found.map(\.position) == [SourcePosition(line: 2, column: 3)])
        #expect(found.first?.excerpt?.text == "  zebra: 1")
    }

    @Test(.timeLimit(.minutes(1)))
    func `aliases of aliases are bounded`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...20 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(
            AgentConfigurationTests.load(text).diagnostics.map(\.message) == [
                "aliases make the file larger than 500000 values"
            ]
        )
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["? *a20\n: x", "*a20 : x", "[*a20]: x", "{ *a20 : y }: x"])
    func `aliases of aliases as keys are refused before they are compared`(key: String) {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...20 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let diagnostics = AgentConfigurationTests.load(text + key).diagnostics
        #expect(diagnostics.map(\.message) == ["many aliases together with keys that are not texts"])
        #expect(diagnostics.map(\.line) == [22])
    }

    @Test(arguments: ["a: 1\nb: { c: d,", "a: 1\nb: { c: d,   ", "a: 1\nb: { c: d,\n", "a: 1\nb: { c: d,\n\n \n"])
    func `a mapping that is not ended is shown where the text ends`(text: String) {
        let diagnostics = AgentConfigurationTests.load(text).diagnostics
        #expect(diagnostics.map(\.line) == [2])
        #expect(diagnostics.first?.excerpt != nil)
    }

    @Test func `many aliases alone are fine`() {
        var text = "backends:\n  b: { url: &u 'http://[::1]:80/mcp', headers: &h { a: b } }\n"
        for number in 0..<50 { text += "  b\(number): { url: *u, headers: *h }\n" }
        #expect(!AgentConfigurationTests.load(text).diagnostics.hasErrors)
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["[", "{a: ", "- ", "? ", "\"", "&a [", "a: !!str ["])
    func `deep nesting is refused, not followed`(opening: String) {
        let found = AgentConfigurationTests.load(String(repeating: opening, count: 5000)).diagnostics
        #expect(found.hasErrors)
        #expect(found.count <= 2)
    }

    @Test func `depth is bounded`() {
        let deep = String(repeating: "[", count: 70) + String(repeating: "]", count: 70)
        #expect(
            AgentConfigurationTests.load("a: \(deep)").diagnostics.map(\.message) == ["nested deeper than 64 levels"]
        )
    }

    @Test func `a file that is not UTF-8 is refused with the place`() {
        let outcome = load(bytes: Array("version: 1\n# é \u{1F600} ".utf8) + [0xFF, 0x0A])
        #expect(
            outcome.rendered == """
                error: the file is not UTF-8
                 --> mcp-keepalive.yaml:2:7
                 = help: save it as UTF-8
                """
        )
    }

    @Test(arguments: ["\u{0}", "\u{1B}", "\u{7F}", "\u{FFFF}"])
    func `control characters are refused with the place`(character: String) {
        let outcome = AgentConfigurationTests.load("version: 1\n a\(character): secret")
        #expect(
            outcome.rendered == """
                error: a control character that a file must not contain
                 --> mcp-keepalive.yaml:2:3
                 = help: in a text in double quotes it can be written as an escape sequence such as \\x07
                """
        )
    }

    @Test func `a file of more than 4 MiB is refused`() {
        let outcome = load(bytes: Array(repeating: 0x20, count: 4 << 20 + 1))
        #expect(outcome.rendered == "error: the file is too large: it is larger than 4 MiB\n --> mcp-keepalive.yaml")
    }

    @Test(.timeLimit(.minutes(1)), arguments: [1, 2, 3, 4] as [UInt64])
    func `random damage never does worse than a diagnostic`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let original = Array(ConfigurationTests.everything.utf8)
        for _ in 0..<100 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert(contentsOf: bytes[index..<min(index + 40, bytes.count)], at: index)
                }
            }
            let outcome = ConfigurationLoader.load(
                bytes: bytes,
                file: "f",
                environment: ConfigurationTests.environment,
                readFile: ConfigurationTests.readFile
            )
            #expect((outcome.configuration == nil) == outcome.diagnostics.hasErrors)
            for diagnostic in outcome.diagnostics {
                #expect(!diagnostic.rendered().contains("db-token"))
                #expect(!diagnostic.rendered().contains("otlp-token"))
            }
        }
    }
}
