// SPDX-License-Identifier: Apache-2.0

/// Reads and checks configuration files.
package enum ConfigurationLoader {
    /// What became of a configuration file.
    package struct Outcome: Sendable, Hashable {
        /// The configuration; nil when there was an error.
        package var configuration: Configuration?
        /// What it says of the local API, also when there are errors elsewhere: whoever wants to talk to an agent that runs
        /// has to find it just then.
        package var api: APIConfiguration?
        /// All problems, errors and warnings, in the order of their positions.
        package var diagnostics: [Diagnostic]
        /// What is written where, for whoever tells values together with their origins.
        package var written = WrittenConfiguration()
        /// Whether there is no such file; `diagnostics` says so too.
        package var isMissing = false
    }

    /// The largest configuration file that is read, in bytes.
    package static let largestSize = 4 << 20

    /// Reads and checks the file at `path`, and reads the files that it names.
    package static func load(
        path: String,
        environment: [String: String],
        readFile: FileReader = .system
    ) -> Outcome {
        switch readFile(path, limit: largestSize) {
        case .success(let contents):
            return load(bytes: contents.bytes, file: path, environment: environment, readFile: readFile)
        case .failure(let error):
            let message = "cannot read \(DiagnosticText.quoted(path)): \(error.message)"
            let diagnostic = Diagnostic(.error, message, file: path)
            return Outcome(configuration: nil, diagnostics: [diagnostic], isMissing: error == .missing)
        }
    }

    /// Checks the contents of a file; `file` is the path that diagnostics show and relative paths start from.
    package static func load(
        bytes: [UInt8],
        file: String,
        environment: [String: String],
        readFile: FileReader
    ) -> Outcome {
        guard bytes.count <= largestSize else {
            let message = "the file is too large: \(FileError.tooLarge(limit: largestSize).message)"
            return Outcome(configuration: nil, diagnostics: [Diagnostic(.error, message, file: file)])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return Outcome(configuration: nil, diagnostics: [InvalidText.notUTF8(bytes, file: file)])
        }
        return load(text: text, file: file, environment: environment, readFile: readFile)
    }

    /// Checks the text of a file; `file` is the path that diagnostics show and relative paths start from.
    package static func load(
        text: String,
        file: String,
        environment: [String: String],
        readFile: FileReader
    ) -> Outcome {
        // A byte order mark is not part of the text (YAML 1.2.2 section 5.2).
        let scalars = text.unicodeScalars
        let body = scalars.first == "\u{FEFF}" ? String(scalars.dropFirst()) : text
        let source = SourceText(file: file, text: body)
        if let diagnostic = InvalidText.character(in: source) {
            return Outcome(configuration: nil, diagnostics: [diagnostic])
        }
        let context = DecodingContext(source: source, environment: environment, readFile: readFile)
        var configuration: Configuration?
        if let root = parse(in: context) {
            context.source.secrets = SensitiveText.ranges(in: root, of: context.source)
            configuration = ConfigurationDecoder(context: context).decode(root)
        }
        let diagnostics = context.diagnostics.sortedByPosition()
        return Outcome(
            configuration: diagnostics.hasErrors ? nil : configuration,
            api: configuration?.api,
            diagnostics: diagnostics,
            written: context.written
        )
    }

    /// Parses the document, around duplicate keys; nil when it cannot be decoded, which is then reported.
    private static func parse(in context: DecodingContext) -> YAMLNode? {
        let original = context.source
        var text = original.text
        var number = 0
        while true {
            do throws(YAMLProblem) {
                guard let root = try YAMLParser.parse(text) else {
                    context.error("the file is empty", at: .start, help: "it needs at least the key 'backends'")
                    return nil
                }
                return root
            } catch {
                if number == 0 { context.source.secrets = SensitiveText.likelyRanges(in: original) }
                let current = SourceText(file: original.file, text: text)
                let repetition = error.duplicateKey.flatMap { key in
                    error.position.flatMap { RepeatedKeys.repetition(of: key, after: $0, in: current) }
                }
                guard let first = error.position, let repetition else {
                    context.error(error.message, at: error.position, help: error.help)
                    return nil
                }
                context.error(error.message, at: repetition, help: "the first one is in line \(first.line)")
                guard RepeatedKeys.canRepeat(number, size: text.utf8.count),
                    let renamed = RepeatedKeys.renaming(at: repetition, number: number, in: current)
                else { return nil }
                text = renamed
                number += 1
            }
        }
    }
}
