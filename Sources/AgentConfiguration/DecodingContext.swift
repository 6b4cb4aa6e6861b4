// SPDX-License-Identifier: Apache-2.0

/// What decoding a file needs at every place, and where it reports all problems to.
final class DecodingContext {
    var source: SourceText
    let environment: [String: String]
    let readFile: FileReader
    private(set) var diagnostics: [Diagnostic] = []
    private var reported: Set<Diagnostic> = []
    /// Every key that was asked for, by its path, and what is written there.
    private(set) var written = WrittenConfiguration()

    init(source: SourceText, environment: [String: String], readFile: FileReader) {
        self.source = source
        self.environment = environment
        self.readFile = readFile
    }

    /// Reports an error at `position`; `path` is the path of the key.
    func error(_ message: String, at position: SourcePosition?, path: String = "", help: String? = nil) {
        report(.error, message, at: position, path: path, help: help)
    }

    /// Reports a warning at `position`; `path` is the path of the key.
    func warning(_ message: String, at position: SourcePosition?, path: String = "", help: String? = nil) {
        report(.warning, message, at: position, path: path, help: help)
    }

    /// Takes down that the key at `path` is known, and what is written there.
    func note(_ entry: YAMLEntry?, at path: String) {
        written.entries.updateValue(entry, forKey: path)
    }

    private func report(
        _ severity: Diagnostic.Severity,
        _ message: String,
        at position: SourcePosition?,
        path: String,
        help: String?
    ) {
        let diagnostic = Diagnostic(
            severity,
            message,
            file: source.file,
            position: position,
            excerpt: position.map { source.excerpt(at: $0) },
            keyPath: path,
            help: help
        )
        // A value behind an alias is decoded once for every place that it is used in, and has one position.
        if reported.insert(diagnostic).inserted { diagnostics.append(diagnostic) }
    }

    /// The path of `key` below `parent`.
    static func path(_ parent: String, _ key: String) -> String {
        let isPlain = !key.isEmpty && key.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2E && $0 != 0x27 }
        let shown = isPlain && key.utf8.count <= DiagnosticText.longestQuote ? key : DiagnosticText.quoted(key)
        return parent.isEmpty ? shown : "\(parent).\(shown)"
    }
}
