// SPDX-License-Identifier: Apache-2.0

/// One piece of a text with substitutions.
enum TemplatePart: Sendable, Hashable {
    case literal(String)
    /// `${env:NAME}` or `${env:NAME:-fallback}`.
    case variable(name: String, fallback: String?)
    /// `${file:PATH}`; the path is already relative to the working directory, or absolute.
    case file(path: String)

    /// The longest secret that a file may hold, in bytes.
    static let longestSecret = 64 * 1024

    /// Splits `text` at its substitutions; `$$` stands for one `$`, any other `$` for itself.
    static func parse(_ text: String, in file: String) throws(SubstitutionError) -> [TemplatePart] {
        var parts: [TemplatePart] = []
        var literal = ""
        var rest = text[...]
        // Bytes, not characters: a combining mark after a '}' must not hide it.
        while let dollar = rest.utf8.firstIndex(of: 0x24) {
            literal += rest[..<dollar]
            rest = rest[rest.utf8.index(after: dollar)...]
            if rest.utf8.first == 0x24 {
                literal += "$"
                rest = rest[rest.utf8.index(after: rest.startIndex)...]
            } else if rest.utf8.first == 0x7B {
                guard let end = rest.utf8.firstIndex(of: 0x7D) else {
                    throw SubstitutionError("'${' without '}'", help: "write $$ for a dollar sign")
                }
                let body = rest[rest.utf8.index(after: rest.startIndex)..<end]
                rest = rest[rest.utf8.index(after: end)...]
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = ""
                parts.append(try substitution(body, in: file))
            } else {
                literal += "$"
            }
        }
        literal += rest
        if !literal.isEmpty || parts.isEmpty { parts.append(.literal(literal)) }
        return parts
    }

    private static func substitution(_ body: Substring, in file: String) throws(SubstitutionError) -> TemplatePart {
        if body.utf8.starts(with: "env:".utf8) {
            return try variable(Substring(body.utf8.dropFirst(4)))
        }
        if body.utf8.starts(with: "file:".utf8) {
            let path = Substring(body.utf8.dropFirst(5))
            guard !path.isEmpty else { throw SubstitutionError("'${file:}' names no file") }
            guard !path.utf8.contains(0) else { throw SubstitutionError("the path in '${file:…}' has a NUL") }
            return .file(path: FileLocation.resolve(String(path), relativeTo: file))
        }
        guard isVariableName(body) else {
            throw SubstitutionError(
                "unknown substitution \(DiagnosticText.quoted("${" + body + "}"))",
                help: "there are ${env:NAME}, ${env:NAME:-default} and ${file:PATH}; write $$ for a dollar sign",
                quotesText: true
            )
        }
        throw SubstitutionError(
            "unknown substitution '${\(body)}'",
            help: "did you mean ${env:\(body)}? Write $$ for a dollar sign",
            quotesText: true
        )
    }

    private static func variable(_ body: Substring) throws(SubstitutionError) -> TemplatePart {
        var name = body
        var fallback: String?
        if let colon = body.utf8.firstIndex(of: 0x3A) {
            name = body[..<colon]
            let rest = body[colon...].utf8.dropFirst()
            guard rest.first == 0x2D else {
                throw SubstitutionError(
                    "malformed substitution '${env:…}'",
                    help: "a default is written ${env:NAME:-default}"
                )
            }
            fallback = String(Substring(rest.dropFirst()))
        }
        guard isVariableName(name) else {
            throw SubstitutionError(
                "\(DiagnosticText.quoted(name)) is not a name of an environment variable",
                help: "letters, digits and _ are allowed, and no digit at the start",
                quotesText: true
            )
        }
        return .variable(name: String(name), fallback: fallback)
    }

    /// POSIX.1-2017, chapter 8.1: letters, digits and underscores, not starting with a digit.
    private static func isVariableName(_ name: Substring) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return name.utf8.allSatisfy {
            (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
        }
    }

    /// The value of a variable; the fallback is used when it is unset or empty, as in a shell.
    static func variable(
        _ name: String,
        fallback: String?,
        in environment: [String: String]
    ) throws(SubstitutionError) -> String {
        let value = environment[name]
        if let fallback {
            return value.flatMap { $0.isEmpty ? nil : $0 } ?? fallback
        }
        guard let value else {
            throw SubstitutionError(
                "environment variable \(name) is not set",
                help: "set it, or give a default: ${env:\(name):-value}"
            )
        }
        return value
    }

    /// The contents of a secret file without one trailing newline.
    static func secretFile(
        _ path: String,
        readFile: FileReader
    ) throws(SubstitutionError) -> (text: String, readableByOthers: Bool) {
        let contents: FileContents
        switch readFile(path, limit: longestSecret) {
        case .success(let read): contents = read
        case .failure(let error):
            throw SubstitutionError("cannot read \(DiagnosticText.quoted(path)): \(error.message)")
        }
        var bytes = contents.bytes[...]
        if bytes.last == 0x0A {
            bytes = bytes.dropLast()
            if bytes.last == 0x0D { bytes = bytes.dropLast() }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SubstitutionError("\(DiagnosticText.quoted(path)) is not UTF-8")
        }
        return (text, contents.isReadableByOthers)
    }
}
