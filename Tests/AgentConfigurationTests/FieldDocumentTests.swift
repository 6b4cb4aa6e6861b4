// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import JSONText
import Testing

/// What is made of the table of keys. That the documentation is up to date, and what the schema accepts and refuses, is
/// checked end to end.
struct FieldDocumentTests {
    @Test func `the sample can be used as it is`() throws {
        let outcome = load(SampleConfiguration.text)
        #expect(outcome.rendered == "")
        let backend = try #require(outcome.configuration?.backends.first)
        #expect(backend.ownSessions == 1, "it keeps something alive")
    }

    @Test func `each key of the sample can be used without its comment sign`() throws {
        let lines = SampleConfiguration.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let readFile = FileReader { _, _ in .success(FileContents(bytes: Array("text".utf8))) }
        // These only make sense together with another key.
        let dependent = ["tool_arguments"]
        var count = 0
        for (index, line) in lines.enumerated() {
            let blanks = line.prefix { $0 == " " }
            let rest = line.dropFirst(blanks.count)
            guard rest.hasPrefix("#"), !rest.hasPrefix("# "), !dependent.contains(where: { rest.contains($0) }) else {
                continue
            }
            var changed = lines
            changed[index] = String(blanks + rest.dropFirst())
            let outcome = load(changed.joined(separator: "\n"), readFile: readFile)
            #expect(!outcome.diagnostics.hasErrors, "\(line): \(outcome.rendered)")
            count += 1
        }
        #expect(count > 30)
    }

    @Test func `the sample fits into a terminal and has every key`() {
        let lines = SampleConfiguration.text.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 })
        for field in ConfigurationField.file + ConfigurationField.settings + ConfigurationField.backendOnly {
            #expect(lines.contains { $0.drop { " #".contains($0) }.hasPrefix("\(field.name):") }, "\(field.name)")
        }
    }

    @Test func `the schema is JSON and has a description of every key`() throws {
        let text = ConfigurationSchema.text
        _ = try JSONValue.parse(Array(text.utf8).span)
        #expect(text.split(separator: "\"description\":").count - 1 == ConfigurationField.all().count)
    }

    @Test func `each key has its row in the reference`() {
        let text = ConfigurationDocument.parts.map(\.text).joined(separator: "\n")
        for (path, field) in ConfigurationField.all() {
            #expect(text.contains("| `\(field.name)` | "), "\(path)")
        }
        #expect(text.contains("| `interval` | duration, 100ms to 1d | `1m` | time between two exports of metrics;"))
        #expect(text.contains("| `url` | URL, required | | the Streamable HTTP endpoint;"))
        #expect(text.contains("| `api` | [mapping](#api), `off` | | the local API"))
    }
}
