// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Foundation
import Testing

/// Whatever is in a configuration file, reading it ends soon, with a configuration or with the line that is wrong.
///
/// `MCP_KEEPALIVE_FUZZ=100000` tries more texts, `MCP_KEEPALIVE_FUZZ_SEED` others. Text number n has the seed of the run plus n.
@Suite(.timeLimit(.minutes(60)))
struct ConfigurationFuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    static let seed = environment["MCP_KEEPALIVE_FUZZ_SEED"].flatMap { UInt64($0) } ?? 20_261_126
    static let texts = environment["MCP_KEEPALIVE_FUZZ"].flatMap { Int($0) } ?? 400
    /// Blocks run side by side.
    static let block = 500

    /// Far more than any text takes, for a machine that is busy with other tests.
    private static let limit = Duration.seconds(20)

    @Test(arguments: Array(stride(from: 0, to: texts, by: block)))
    func `a mutated file is read, or says in which line it is wrong`(first: Int) throws {
        let documents = try Self.documents()
        var read = 0
        var slowest = (time: Duration.zero, text: first)
        for number in first..<min(first + Self.block, Self.texts) {
            var mutation = TextMutation(of: documents, seed: Self.seed &+ UInt64(number))
            let bytes = mutation.next()
            let clock = ContinuousClock()
            let start = clock.now
            let outcome = ConfigurationLoader.load(
                bytes: bytes,
                file: "f.yaml",
                environment: ["SECRET": "from-the-environment"],
                readFile: files(["token": "hunter2"])
            )
            let rendered = outcome.rendered
            let time = clock.now - start
            if time > slowest.time { slowest = (time, number) }
            #expect(!rendered.contains("hunter2"), "seed \(Self.seed), text \(number)")
            if outcome.configuration != nil {
                read += 1
                #expect(!outcome.diagnostics.hasErrors, "seed \(Self.seed), text \(number)")
            } else {
                let lines = 1...Self.lineCount(of: bytes)
                let places = outcome.diagnostics.filter { $0.severity == .error }.compactMap(\.line)
                #expect(!places.isEmpty, "seed \(Self.seed), text \(number): \(rendered.prefix(500))")
                #expect(places.allSatisfy(lines.contains), "seed \(Self.seed), text \(number): \(places) of \(lines)")
            }
        }
        print(
            "fuzz: seed \(Self.seed), texts from \(first): \(read) could be read, text \(slowest.text) took \(slowest.time)"
        )
        #expect(slowest.time < Self.limit, "seed \(Self.seed), text \(slowest.text)")
        #expect(read > 0 && read < Self.block, "some are still good, and some are not")
    }

    /// As YAML 1.1 has them.
    private static func lineCount(of bytes: [UInt8]) -> Int {
        var lines = 1
        var isAfterReturn = false
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if ["\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar) || scalar == "\n" && !isAfterReturn {
                lines += 1
            }
            isAfterReturn = scalar == "\r"
        }
        return lines
    }

    /// The sample, the sample with all its keys, and what the documentation and the examples have.
    private static func documents() throws -> [String] {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized
        let complete = SampleConfiguration.text.replacing(/(?m)^( *)#(\S)/) { "\($0.output.1)\($0.output.2)" }
        let pages = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "docs").path)
            .filter { $0.hasSuffix(".md") }.sorted()
            .map { try String(contentsOf: root.appending(path: "docs/\($0)"), encoding: .utf8) }
        let blocks = pages.flatMap { $0.matches(of: /```yaml\n([^`]*)```/).map { String($0.output.1) } }
        let examples = try ["examples/mcp-keepalive.yaml", "examples/observability/mcp-keepalive.yaml"].map {
            try String(contentsOf: root.appending(path: $0), encoding: .utf8)
        }
        #expect(blocks.count >= 8)
        return [SampleConfiguration.text, complete, complete, complete] + blocks + examples
    }
}
