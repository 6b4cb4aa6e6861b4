// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgentConfiguration

/// The table of keys says what the decoder does.
struct FieldTableTests {
    /// One key with its place.
    struct Entry: Sendable, CustomTestStringConvertible {
        var path: [String]
        var field: ConfigurationField
        var testDescription: String { path.joined(separator: ".") }

        /// A file with nothing but this key, and what its place needs.
        func file(with value: String?) -> String {
            let own = Self.members(of: ConfigurationField.file, at: path[...], value)
            let others = path[0] == "backends" ? [] : [FieldTableTests.oneBackend]
            return "{ \(([own] + others).filter { !$0.isEmpty }.joined(separator: ", ")) }"
        }

        private static func members(
            of fields: [ConfigurationField],
            at path: ArraySlice<String>,
            _ value: String?
        ) -> String {
            guard let name = path.first else { return "" }
            let rest = path.dropFirst()
            if name == ConfigurationField.anyName { return "name: { \(members(of: fields, at: rest, value)) }" }
            let field = fields.first { $0.name == name }
            var members = fields.filter { $0.isRequired && $0.name != name }.map { "\($0.name): \($0.example)" }
            members += [field?.companion].compactMap { $0 }
            if !rest.isEmpty {
                members.append("\(name): { \(Self.members(of: field?.fields ?? [], at: rest, value)) }")
            } else if let value {
                members.append("\(name): \(value)")
            }
            return members.joined(separator: ", ")
        }
    }

    static let oneBackend = "backends: { name: { url: http://127.0.0.1:1/mcp } }"
    static let entries = ConfigurationField.all().map(Entry.init)
    /// Every file is there and nobody else can read it.
    static let readFile = FileReader { _, _ in .success(FileContents(bytes: Array("text".utf8))) }

    private func outcome(_ text: String) -> ConfigurationLoader.Outcome {
        load(text, readFile: Self.readFile)
    }

    /// The configuration without what only tells how it was written.
    private func configuration(_ text: String) throws -> Configuration {
        let outcome = outcome(text)
        #expect(!outcome.diagnostics.hasErrors, "\(text)\n\(outcome.rendered)")
        var configuration = try #require(outcome.configuration)
        configuration.api.isListenWritten = false
        for index in configuration.backends.indices { configuration.backends[index].position = .start }
        return configuration
    }

    @Test func `the table has exactly the keys that the decoder knows`() {
        // Every mapping is there, so that the decoder looks into all of them.
        func everything(_ fields: [ConfigurationField]) -> String {
            let members = fields.map { field in
                switch field.kind {
                case .mapping(let fields, _): "\(field.name): \(everything(fields))"
                case .named(let fields): "\(field.name): { '*': \(everything(fields)) }"
                default: "\(field.name): \(field.example)"
                }
            }
            return "{ \(members.joined(separator: ", ")) }"
        }
        let known = outcome(everything(ConfigurationField.file)).written.entries
        let paths = Self.entries.map { WrittenConfiguration.text(of: $0.path) }
        #expect(known.keys.sorted() == paths.sorted())
        #expect(known.allSatisfy { $0.value != nil })
    }

    @Test(arguments: entries)
    func `the example is accepted in its place and makes a difference`(entry: Entry) throws {
        let with = try configuration(entry.file(with: entry.field.example))
        guard entry.field.example != entry.field.defaultValue, !entry.field.isRequired else { return }
        #expect(try with != configuration(entry.file(with: nil)), "\(entry.file(with: entry.field.example))")
    }

    /// Where the agent decides, since a variable can, the decoder tells apart whether the default was written.
    static let decidedLater = ["telemetry.compression", "telemetry.interval"]

    @Test(arguments: entries.filter { $0.field.defaultValue != nil && !decidedLater.contains($0.testDescription) })
    func `the default is what the decoder gives`(entry: Entry) throws {
        let text = try #require(entry.field.defaultValue)
        #expect(try configuration(entry.file(with: text)) == configuration(entry.file(with: nil)))
    }

    @Test(arguments: entries)
    func `the limits are those of the decoder`(entry: Entry) throws {
        let (good, bad) = Self.edges(of: entry.field.kind)
        for value in good { _ = try configuration(entry.file(with: value)) }
        for value in bad {
            #expect(outcome(entry.file(with: value)).configuration == nil, "\(entry.file(with: value))")
        }
    }

    /// Values just within the limits, and values just beyond.
    private static func edges(of kind: ConfigurationField.Kind) -> (good: [String], bad: [String]) {
        switch kind {
        case .version: (["1", "\"1\""], ["2", "{}"])
        case .url: (["https://h/"], ["h", "ftp://h/", "1"])
        case .path, .text: (["x"], ["1", "[]"])
        case .pathOr(let word): (["x", word], ["1", "[]"])
        case .address(let canBeOff): (["a:1"] + (canBeOff ? ["off"] : []), ["a", "1"] + (canBeOff ? [] : ["off"]))
        case .duration(let least, let most):
            (
                [DurationText.format(least), DurationText.format(most ?? DurationText.longest)],
                ["5"] + (least > .milliseconds(1) ? [DurationText.format(least - .milliseconds(1))] : [])
                    + (most.map { [DurationText.format($0 + .milliseconds(1))] } ?? [])
            )
        case .size(let range):
            (
                [SizeText.format(range.lowerBound), SizeText.format(range.upperBound)],
                [SizeText.format(range.lowerBound - 1024), SizeText.format(range.upperBound + 1024)]
            )
        case .percentage: (["0%", "100%"], ["101%", "5"])
        case .integer(let range):
            (["\(range.lowerBound)", "\(range.upperBound)"], ["\(range.lowerBound - 1)", "\(range.upperBound + 1)"])
        case .number(let most): (["0.1", "\(most)"], ["0", "\(most + 1)"])
        case .boolean: (["true", "false"], ["yes", "1"])
        case .choice(let words): (words, ["other"])
        case .method: (["ping", "none", "tool:x"], ["tool:", "tool"])
        case .accounts: (["[]", "[a, 1]"], ["a", "[a b]"])
        case .hosts: (["[]", "[a]"], ["a", "[a:1]"])
        case .headers: (["{}", "{ a: b }"], ["a", "{ host: a }"])
        case .texts: (["{}", "{ a: b }"], ["a", "{ a: [] }"])
        case .arguments: (["{}", "{ a: [1] }"], ["a"])
        case .mapping(_, let canBeOff): (canBeOff ? ["off", "{}"] : [], ["1", "[]"])
        case .named: (["{}"], ["1", "[]"])
        }
    }

    @Test func `every key has something to say, in one sentence`() {
        for entry in Self.entries {
            let sentence = entry.field.sentence
            #expect(sentence.count > 10 && sentence.count < 120 && !sentence.dropLast().hasSuffix("."), "\(sentence)")
            #expect(!sentence.contains("`") && !sentence.contains("]("), "\(sentence)")
        }
    }
}
